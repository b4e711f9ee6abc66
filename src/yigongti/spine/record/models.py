"""The index of a resident's record: one compact row for every fact about a person, so that a page is one query."""

from django.db import models


class Entry(models.Model):
    """One fact about a resident: when, in which table under which key, at which institution, and what it says.

    line is a JSON array: the values of the fact's remaining columns in the dictionary's order
    (`entries.line_columns`), without trailing nulls.  Written by loads; read through `selectors.timeline`.
    Rows lie in the order of the primary key, so that a resident's rows are neighbours on the disk.
    """

    pk = models.CompositePrimaryKey("resident_id", "day", "table", "key")
    resident_id = models.CharField("居民编号", max_length=64)
    day = models.DateField("日期")
    table = models.CharField("事实表", max_length=40)
    key = models.CharField("编号", max_length=200)
    institution_id = models.CharField("机构编号", max_length=64, null=True)
    line = models.TextField("内容")

    class Meta:
        verbose_name = "档案条目"

    def __str__(self) -> str:
        return f"{self.day} {self.table} {self.key}"

"""Model fields for sealed values: plain text in Python, ciphertext and blind index in the database."""

from typing import Any

from django.db import models

from yigongti.spine.people.sealing import blind_many, decrypt, encrypt_many


class SealedField(models.BinaryField):
    """Text that is encrypted on the way into the database and decrypted on the way out.  Not for filtering:
    look values up by their blind index (`spine.people.selectors`)."""

    def get_prep_value(self, value: Any) -> bytes | None:
        return value if value is None or isinstance(value, bytes) else encrypt_many(self._column, [value])[0]

    def from_db_value(self, value: Any, expression: object, connection: object) -> str | None:
        return None if value is None else decrypt(self._column, bytes(value))

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        raise TypeError("sealed values are not serialised")

    @property
    def _column(self) -> str:
        return str(self.name)


class BlindIndexField(models.BinaryField):
    """The keyed blind index of the field named by `of`, computed whenever an instance is saved."""

    def __init__(self, *, of: str, **options: Any) -> None:
        self.of = of
        super().__init__(**{"null": True, "editable": False, "db_index": True, **options})

    def deconstruct(self) -> Any:
        name, path, arguments, options = super().deconstruct()
        return name, path, arguments, {**options, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> bytes | None:
        index = blind_many(self.of, [getattr(model_instance, self.of)])[0]
        setattr(model_instance, self.attname, index)
        return index

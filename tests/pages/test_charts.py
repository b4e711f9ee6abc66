"""Charts carry their figures as text too, in the unit of the number."""

from yigongti.pages.charts import Chart, Series, sparkline

CHART = Chart("基层就诊占比", ["2025-01", "2025-02"], [Series("全县", [0.51, None])], unit="ratio", target=0.6)


def test_a_drawing_gets_percent_and_the_reader_gets_the_same_figures_as_text():
    assert CHART.spec["series"][0]["values"] == [51.0, None]
    assert CHART.spec["target"] == 60.0
    assert CHART.rows == [("2025-01", ["51.0%"]), ("2025-02", ["—"])]


def test_a_sparkline_leaves_a_gap_where_there_is_no_value():
    assert sparkline([1.0, 2.0, None, 3.0, 4.0]).count("M") == 2


def test_a_sparkline_of_one_value_draws_nothing():
    assert "<svg" not in sparkline([None, 1.0])


def test_a_chart_without_values_says_so():
    assert Chart("空", ["a"], [Series("全县", [None])]).is_empty

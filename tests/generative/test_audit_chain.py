"""Whatever somebody does to an audit trail they cannot sign, the verification finds it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from yigongti.spine.audit.chain import GENESIS, Anchor, Link, breaks, canonical, digest_of

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
START = datetime(2025, 1, 1, tzinfo=UTC)
words = st.text(max_size=8)


def chained(said: list[tuple[str, str]], *, key: bytes = KEY) -> list[Link]:
    links: list[Link] = []
    for i, (action, value) in enumerate(said):
        previous = links[-1].digest if links else GENESIS
        detail = canonical({"value": value})
        link = Link(3, i + 1, START + timedelta(seconds=i), "a", action, "case:1", "R1", detail, previous)
        links.append(replace(link, digest=digest_of(link, key=key)))
    return links


trails = st.lists(st.tuples(words, words), min_size=1, max_size=12).map(chained)


def found(links: list[Link], anchored: list[Link]) -> set[str]:
    head = Anchor(3, anchored[-1].sequence, anchored[-1].digest)
    return {one.kind for one in breaks(3, links, anchor=head, key=KEY)}


@given(trails)
def test_an_untouched_trail_is_sound(links: list[Link]) -> None:
    assert found(links, links) == set()


@given(trails, trails)
def test_a_trail_that_grew_after_its_anchor_is_sound(links: list[Link], more: list[Link]) -> None:
    for link in more:
        grown = replace(link, sequence=links[-1].sequence + 1, previous=links[-1].digest)
        links = [*links, replace(grown, digest=digest_of(grown, key=KEY))]
    assert found(links, links[: len(links) - len(more)]) == set()


CHANGES: dict[str, Callable[[Link, str], Link]] = {
    "actor": lambda link, text: replace(link, actor=link.actor + text),
    "action": lambda link, text: replace(link, action=link.action + text),
    "subject": lambda link, text: replace(link, subject=link.subject + text),
    "resident": lambda link, text: replace(link, resident_id=link.resident_id + text),
    "detail": lambda link, text: replace(link, detail=link.detail + text),
    "at": lambda link, text: replace(link, at=link.at + timedelta(microseconds=len(text))),
    "previous": lambda link, text: replace(link, previous=link.previous + text),
    "digest": lambda link, text: replace(link, digest=link.digest + text),
}


@given(trails, st.sampled_from(sorted(CHANGES)), st.text(min_size=1, max_size=5), st.data())
def test_a_changed_record_is_found(links: list[Link], field: str, text: str, data: st.DataObject) -> None:
    i = data.draw(st.integers(0, len(links) - 1))
    touched = [*links[:i], CHANGES[field](links[i], text), *links[i + 1 :]]
    assert found(touched, links) & {"changed", "anchor"}


@given(trails, st.data())
def test_a_changed_record_is_found_even_when_everything_after_it_is_chained_anew(
    links: list[Link], data: st.DataObject
) -> None:
    i = data.draw(st.integers(0, len(links) - 1))
    forged = links[:i]
    for link in [replace(links[i], actor="somebody else"), *links[i + 1 :]]:
        link = replace(link, previous=forged[-1].digest if forged else GENESIS)
        forged.append(replace(link, digest=digest_of(link, key=OTHER_KEY)))
    assert "changed" in found(forged, links)


@given(trails, st.data())
def test_a_deleted_record_is_found_wherever_it_stood(links: list[Link], data: st.DataObject) -> None:
    i = data.draw(st.integers(0, len(links) - 1))
    kinds = found(links[:i] + links[i + 1 :], links)
    assert kinds == ({"truncated"} if i == len(links) - 1 else {"missing"})


@given(trails, st.data())
def test_cutting_off_the_end_is_found(links: list[Link], data: st.DataObject) -> None:
    kept = data.draw(st.integers(0, len(links) - 1))
    assert found(links[:kept], links) == {"truncated"}


@given(trails)
def test_a_record_appended_without_the_key_is_found(links: list[Link]) -> None:
    forged = replace(links[-1], sequence=links[-1].sequence + 1, previous=links[-1].digest)
    assert "changed" in found([*links, replace(forged, digest=digest_of(forged, key=OTHER_KEY))], links)


@given(trails.filter(lambda links: len(links) > 1), st.data())
def test_two_records_that_changed_places_are_found(links: list[Link], data: st.DataObject) -> None:
    i = data.draw(st.integers(0, len(links) - 2))
    first, second = links[i], links[i + 1]
    swapped = [replace(second, sequence=first.sequence), replace(first, sequence=second.sequence)]
    assert "changed" in found([*links[:i], *swapped, *links[i + 2 :]], links)

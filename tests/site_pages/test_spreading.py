"""A process that has more to do than another gives up a connection; one alone, or evenly busy, gives up none."""

import mmap

import pytest

from yigongti.site.spreading import FORGOTTEN, WINDOW, Board, Spread


class Other:
    """What another process tells, written into the shared file as that process would."""

    def __init__(self, path, seat):
        with path.open("r+b") as file:
            self.seen = memoryview(mmap.mmap(file.fileno(), 32)).cast("d")
        self.seat = seat

    def tells(self, number, now):
        self.seen[2 * self.seat], self.seen[2 * self.seat + 1] = now, number


@pytest.fixture
def clock():
    return [100.0]


@pytest.fixture
def server(tmp_path, clock):
    """ask(at_once) → how many of so many requests, begun before the first has ended, were told that it hangs up."""
    board = Board(tmp_path / "serving", 2)
    hung_up: list[bool] = []

    def application(environ, start_response):
        start_response("200 OK", [("Content-Length", "0")])
        if environ["left"]:
            begin(environ["left"] - 1)
        return []

    def begin(left, protocol="HTTP/1.1"):
        def start(status, headers, *more):
            hung_up.append(("Connection", "close") in headers)

        spread({"left": left, "SERVER_PROTOCOL": protocol}, start)

    def ask(at_once, protocol="HTTP/1.1"):
        hung_up.clear()
        begin(at_once - 1, protocol)
        clock[0] += WINDOW
        return sum(hung_up)

    spread = Spread(application, board, now=lambda: clock[0])
    ask.other = Other(tmp_path / "serving", 1)
    return ask


def test_two_more_than_the_other_gives_up_one_connection_a_window(server, clock):
    server.other.tells(3, clock[0])
    assert [server(5), server(5), server(5)] == [0, 1, 1]


def test_one_more_than_the_other_is_even(server, clock):
    server.other.tells(4, clock[0])
    assert [server(5), server(5), server(5)] == [0, 0, 0]


def test_a_process_that_said_nothing_for_a_while_is_idle(server, clock):
    server.other.tells(5, clock[0])
    assert [server(4), server(4)] == [0, 0]
    clock[0] += FORGOTTEN
    assert server(4) == 1


def test_an_older_protocol_is_left_alone(server):
    assert [server(5), server(5, "HTTP/2.0")] == [0, 0]


def test_who_is_alone_gives_up_nothing(tmp_path, clock):
    board = Board(tmp_path / "serving", 1)
    board.tell(9, now=clock[0])
    assert board.least(now=clock[0]) is None


def test_what_an_application_raises_is_no_longer_under_way(tmp_path, clock):
    def application(environ, start_response):
        raise RuntimeError("broken")

    spread = Spread(application, Board(tmp_path / "serving", 2), now=lambda: clock[0])
    for _ in range(5):
        with pytest.raises(RuntimeError):
            spread({}, lambda *_: None)
    assert spread._under_way == 0

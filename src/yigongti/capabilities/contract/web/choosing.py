"""Which teams a page is about: those of whoever looks, or the one that is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from yigongti.capabilities.contract.models import Team
from yigongti.capabilities.contract.selectors import teams


@dataclass(frozen=True)
class Chosen:
    """options: the teams to choose from; teams: those chosen; key: the one asked for, "" for all of one's own."""

    options: Sequence[Team]
    teams: Sequence[Team]
    key: str = ""

    @property
    def is_own(self) -> bool:
        """Whether "all of mine" is a choice."""
        return self.key == "" or len(self.teams) > 1


def chosen(request: HttpRequest) -> Chosen:
    """The team of the address; else one's own teams; else, for who has none, the first that they may see."""
    user: Any = request.user
    options = list(teams.teams(user).filter(closed_on__isnull=True))
    asked = [team for team in options if team.pk == request.GET.get("team")]
    if asked:
        return Chosen(options, asked, asked[0].pk)
    own = teams.own_teams(user)
    if own:
        return Chosen(options, own)
    return Chosen(options, options[:1], options[0].pk if options else "")

"""Every detector by id, in the order in which people read them."""

from collections.abc import Mapping

from yigongti.capabilities.supervision.decisions.detector import Detector
from yigongti.capabilities.supervision.decisions.detectors.charges import CHARGES
from yigongti.capabilities.supervision.decisions.detectors.coding import CODING
from yigongti.capabilities.supervision.decisions.detectors.limits import LIMITS
from yigongti.capabilities.supervision.decisions.detectors.peers import PEERS
from yigongti.capabilities.supervision.decisions.detectors.services import SERVICES
from yigongti.capabilities.supervision.decisions.detectors.spending import SPENDING
from yigongti.capabilities.supervision.decisions.detectors.stays import STAYS

DETECTORS: Mapping[str, Detector] = {
    each.id: each for each in (*STAYS, *CHARGES, *LIMITS, *SERVICES, *CODING, *SPENDING, *PEERS)
}

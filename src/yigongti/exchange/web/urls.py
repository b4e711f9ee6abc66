"""Where the pages of loads and of the quarantine stand."""

from yigongti.exchange.web.permits import LOADERS, READERS
from yigongti.exchange.web.views import loads, quarantine
from yigongti.pages.urls import page

urlpatterns = [
    page("loads/", loads.loads, name="loads", roles=READERS),
    page("loads/upload/", loads.upload, name="upload", roles=LOADERS),
    page("loads/template/", loads.template, name="load_template", roles=LOADERS),
    page("loads/<int:number>/", loads.load, name="load", roles=READERS),
    page("quarantine/", quarantine.quarantine, name="quarantine", roles=READERS),
    page("quarantine/settle/", quarantine.settle, name="quarantine_settle", roles=LOADERS),
    page("quarantine/mend/", quarantine.mend, name="quarantine_mend", roles=LOADERS),
    page("quarantine/<int:number>/", quarantine.row, name="quarantined", roles=READERS),
]

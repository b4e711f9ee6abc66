"""The WSGI application that granian serves."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from yigongti.site.spreading import PROCESSES, Board, Spread
from yigongti.spine.home import home

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yigongti.site.settings")
application = Spread(get_wsgi_application(), Board(home().path / "serving", PROCESSES))

import_module(settings.ROOT_URLCONF)  # every page, now rather than for the first who asks
gc.collect()
gc.freeze()  # what was loaded stays: the collector need not look through it while requests are served
gc.set_threshold(10_000, 20, 20)

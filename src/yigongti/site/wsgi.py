"""The WSGI application that granian serves."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yigongti.site.settings")
application = get_wsgi_application()

import_module(settings.ROOT_URLCONF)  # every page, now rather than for the first who asks
gc.collect()
gc.freeze()  # what was loaded stays: the collector need not look through it while requests are served
gc.set_threshold(10_000, 20, 20)

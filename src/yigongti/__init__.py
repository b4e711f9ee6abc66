"""Yigongti 医共体: a county's integrated health service as one closed loop."""

__version__ = "0.1.0"

"""The composition root: settings, urls, cockpit, command line, jobs. The only place that lists the capabilities."""

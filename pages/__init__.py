"""The screens: ``_app.py`` opens them, each page is one thin file, ``components`` is what several pages show."""

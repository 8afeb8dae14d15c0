"""The whole workspace as one file, and back: the record, the team's models, its table of prices.

``archive`` is the file with its manifest, ``take`` makes one, ``restore`` puts one back, ``revisions`` moves the tables
between revisions. Redis is not in it: the feed is rebuilt from the record.
"""

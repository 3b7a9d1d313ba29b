"""Files where they lie: folders of this machine and of servers."""

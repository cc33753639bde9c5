"""One folder or file an editor; each gives `scumble.host.Host`."""

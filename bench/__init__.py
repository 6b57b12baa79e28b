"""Load runs against the production processes, each beside the limit of the machine in the same run."""

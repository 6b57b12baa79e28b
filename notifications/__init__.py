"""How people are told: the ledger of messages and their delivery. Knows neither what is said nor why."""

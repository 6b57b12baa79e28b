"""Good practices: criteria, drafts, reviews, the public catalogue, alliances and stories."""

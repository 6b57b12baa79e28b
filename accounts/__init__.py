"""People who sign in, the bodies they work for, municipalities, roles and the audit trail."""

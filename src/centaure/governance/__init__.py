"""What an organisation answers for: here, the reading and the verification of the audit, for auditors."""

"""The covenant decides: may it be sent, what is due, what is overdue. Pure; the data is the covenant's file."""

"""What parties say to one another: values, envelope, message types, receipts, entries. Imports nothing of ours."""

"""SharePoint and OneDrive, through Microsoft Graph."""

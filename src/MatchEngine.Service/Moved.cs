// AuditedChanges names it by its short name.
global using OpenGalleries = MatchEngine.Frs.Sharing.OpenGalleries;

namespace MatchEngine.Galleries;

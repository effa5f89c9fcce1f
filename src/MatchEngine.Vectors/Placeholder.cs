namespace MatchEngine.Vectors;

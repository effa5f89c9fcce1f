namespace MatchEngine.Vetting.Dossiers;

/// <summary>A document that a dossier rests on.</summary>
/// <param name="Name">What it is cited as.</param>
/// <param name="Title">Its title.</param>
/// <param name="Date">Its date or edition.</param>
/// <param name="State">What is known of its state, and when that was looked at.</param>
/// <param name="For">What the dossier takes from it.</param>
public sealed record Norm(string Name, string Title, string Date, string State, string For)
{
    private const string AsBuilt = "the edition that this version of the program was written against; look whether a later one is in force";

    /// <summary>Those that every dossier rests on.</summary>
    public static IReadOnlyList<Norm> All { get; } =
    [
        new("DHS/ICE/PIA-054", "Privacy Impact Assessment for the ICE Use of Facial Recognition Services", "13 May 2020", AsBuilt,
            "the rules of conduct: lists, scores, disclaimers, purposes, retention, audit"),
        new("ISO/IEC 2382-37", "Information technology — Vocabulary — Part 37: Biometrics", "2022", AsBuilt, "the words"),
        new("ISO/IEC 19795-1", "Biometric performance testing and reporting — Part 1: Principles and framework", "2021", AsBuilt,
            "rates, failures and how they are reported"),
        new("ISO/IEC 19795-10", "Biometric performance testing and reporting — Part 10: Quantifying biometric system performance variation "
            + "across demographic groups", "2024", AsBuilt, "rates by group and their differentials"),
        new("ISO/IEC 29794-5", "Biometric sample quality — Part 5: Face image data", "2025", AsBuilt, "the quality of the photos"),
        new("NIST FRTE", "Face Recognition Technology Evaluation, 1:1 and 1:N", "as published by NIST", AsBuilt,
            "FNIR, FPIR, FMR and FNMR as they are defined here"),
    ];
}

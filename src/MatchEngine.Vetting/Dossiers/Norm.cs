namespace MatchEngine.Vetting.Dossiers;

/// <summary>A document that a dossier rests on.</summary>
/// <param name="Name">What it is cited as.</param>
/// <param name="Title">Its title.</param>
/// <param name="Date">Its date or edition.</param>
/// <param name="State">What is known of its state, and when that was looked at.</param>
/// <param name="For">What the dossier takes from it.</param>
public sealed record Norm(string Name, string Title, string Date, string State, string For)
{
    // Looked up in catalogues of standards, on publishers' pages and in shops, as copies of them are stored; no publisher was asked.
    private const string Looked = ", looked up 30 November 2026";

    /// <summary>Those that every dossier rests on; what could not be looked up says so.</summary>
    public static IReadOnlyList<Norm> All { get; } =
    [
        new("DHS/ICE/PIA-054", "Privacy Impact Assessment for the ICE Use of Facial Recognition Services", "13 May 2020",
            "put on dhs.gov on 14 May 2020, no update found" + Looked + "; whether it is still in force could not be verified",
            "the rules of conduct: lists, scores, disclaimers, purposes, retention, audit"),
        new("ISO/IEC 2382-37", "Information technology — Vocabulary — Part 37: Biometrics", "2022-03, edition 3",
            "published, no later edition found" + Looked, "the words"),
        new("ISO/IEC 19795-1", "Information technology — Biometric performance testing and reporting — Part 1: Principles and framework",
            "2021-05, edition 2",
            "published, no later edition found" + Looked + "; a shop names a corrected version of September 2024, which was not verified",
            "rates, failures and how they are reported"),
        new("ISO/IEC 19795-10", "Information technology — Biometric performance testing and reporting — Part 10: Quantifying biometric "
            + "system performance variation across demographic groups", "2024-10, edition 1", "published, no later edition found" + Looked,
            "rates by group and their differentials"),
        new("ISO/IEC 29794-5", "Information technology — Biometric sample quality — Part 5: Face image data", "2025-04, edition 1",
            "published; a project for a next edition was registered in July 2025" + Looked, "the quality of the photos"),
        new("NIST FRTE", "Face Recognition Technology Evaluation, 1:1 and 1:N",
            "the 1:N report of February 2024 was the last that was found", "goes on; until 18 August 2023 its name was FRVT" + Looked,
            "FNIR, FPIR, FMR and FNMR as they are defined here"),
        new("RFC 8996", "Deprecating TLS 1.0 and TLS 1.1", "2021-03",
            "best current practice, in BCP 195 beside RFC 9325 and RFC 9852" + Looked, "the least version of TLS"),
        new("ANSI/NIST-ITL 1", "Data Format for the Interchange of Fingerprint, Facial & Other Biometric Information", "2011",
            "updated in 2013" + Looked + "; later updates, and whether one is in force, could not be verified",
            "types of images, and submissions in files"),
        new("CIPA DC-008", "Exchangeable image file format for digital still cameras: Exif", "2023-05, version 3.0",
            "published, by a list of the ITU" + Looked + "; the text of the tag was not compared with earlier versions",
            "how a photo is stored turned"),
    ];
}

using System.Globalization;
using MatchEngine.Interchange.Fields;
using MatchEngine.Interchange.Records;

namespace MatchEngine.Interchange.Searches;

/// <summary>
/// Why a submission got no candidate list, as a transaction: user-defined fields of a Type-2 record in this product's own layout, which
/// 2.900 names with its version (README.md, "Error").
/// </summary>
/// <param name="Code">2.901, item 1: the kind of the error, a name that does not change.</param>
/// <param name="Status">2.901, item 2: the HTTP status that goes with it.</param>
/// <param name="Detail">2.902: what is wrong and what to do about it.</param>
/// <param name="RequestId">2.903: the request's id, as in the service's log.</param>
public sealed record ErrorResponse(string Code, int Status, string Detail, string RequestId)
{
    /// <summary>The usual type of transaction of such an answer: an error.</summary>
    public const string Error = "ERRT";

    /// <summary>The name in 2.900 that tells our layout from any other domain's.</summary>
    public const string LayoutName = "MATCHENGINE-ERROR";

    /// <summary>The version of the layout that is written, and the only one that is read.</summary>
    public const string LayoutVersion = "1";

    private const int LayoutField = 900, CodeField = 901, DetailField = 902, RequestField = 903;

    /// <summary>Writes the error.</summary>
    /// <param name="header">The Type-1 record, its TCR the TCN of the submission;
    /// a <see cref="TransactionBuilder"/> without records.</param>
    /// <exception cref="ArgumentException">A value cannot be written, or the header has records.</exception>
    public byte[] Write(TransactionBuilder header)
    {
        ArgumentNullException.ThrowIfNull(header);
        if (header.Records.Count > 0)
            throw new ArgumentException("the header has records of its own", nameof(header));
        return header.Add(new RecordBuilder(2, idc: 0)
            .Add(LayoutField, [[LayoutName, LayoutVersion]])
            .Add(CodeField, [[Code, Status.ToString(CultureInfo.InvariantCulture)]])
            .Add(DetailField, Detail)
            .Add(RequestField, RequestId)).ToBytes();
    }

    /// <summary>Reads an error that <see cref="Write"/> gave; null when the transaction is none.</summary>
    public static ErrorResponse? Read(Transaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        foreach (var record in transaction.DescriptiveText)
        {
            if (record.Subfields(LayoutField) is [{ Items: [LayoutName, LayoutVersion] }]
                && record.Subfields(CodeField) is [{ Items: [var code, var status] }] && Numbers.Integer(status) is { } number)
                return new ErrorResponse(code, number, record.Text(DetailField) ?? "", record.Text(RequestField) ?? "");
        }
        return null;
    }
}

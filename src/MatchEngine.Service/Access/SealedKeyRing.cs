using System.Xml.Linq;
using MatchEngine.Galleries.Encryption;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace MatchEngine.Service.Access;

/// <summary>
/// The keys of cookies and of accounts' secrets, sealed at rest by the data key where there is one: a copy of the data folder without that
/// key signs nobody in.
/// </summary>
internal sealed class SealedKeyRing(DataKeys keys) : IXmlEncryptor
{
    internal const string Row = "cookie keys", KeyAttribute = "key";

    /// <inheritdoc/>
    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var values = new SealedValues(keys, Row);
        var text = plaintextElement.ToString(SaveOptions.DisableFormatting);
        return new EncryptedXmlInfo(
            new XElement("sealed", new XAttribute(KeyAttribute, values.CurrentId!), values.Seal(text, Row)), typeof(KeyRingOpening));
    }
}

/// <summary>Opens what <see cref="SealedKeyRing"/> sealed.</summary>
internal sealed class KeyRingOpening(IServiceProvider services) : IXmlDecryptor
{
    /// <inheritdoc/>
    public XElement Decrypt(XElement encryptedElement) => XElement.Parse(
        new SealedValues(services.GetService<DataKeys>(), SealedKeyRing.Row).Open(
            encryptedElement.Value, (string?)encryptedElement.Attribute(SealedKeyRing.KeyAttribute), SealedKeyRing.Row));
}

namespace JitFunctions.TransparencyLog.Notes;

/// <summary>The types of signatures that are known here, with their numbers in C2SP signed-note.</summary>
public enum SignatureType : byte
{
    /// <summary>Ed25519 over the text of the note.</summary>
    Ed25519 = 0x01,

    /// <summary>ECDSA on P-256 with SHA-256, as ASN.1 DER. Its key ID is computed in another way.</summary>
    Ecdsa = 0x02,

    /// <summary>A witness's Ed25519 signature with its time (C2SP tlog-cosignature).</summary>
    Cosignature = 0x04,
}

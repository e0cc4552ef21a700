namespace JitFunctions.TransparencyLog.Json;

/// <summary>Which numbers a canonical document may have.</summary>
public enum CanonicalNumbers
{
    /// <summary>
    /// Integers between -2^53 and 2^53, written without fraction and exponent. As a double, any other number could
    /// become another one unnoticed.
    /// </summary>
    SafeIntegers,

    /// <summary>All of RFC 8785: every number becomes the nearest double.</summary>
    Doubles,
}

using System.Diagnostics;

namespace JitFunctions.Benchmarks;

/// <summary>What another process has used so far, as the kernel counts it.</summary>
internal static class ProcessUse
{
    /// <summary>User and system time of all its threads.</summary>
    public static TimeSpan Processor(int id)
    {
        using var process = Process.GetProcessById(id);
        return process.TotalProcessorTime;
    }

    public static double ResidentMebibytes(int id)
    {
        using var process = Process.GetProcessById(id);
        return process.WorkingSet64 / (double)(1 << 20);
    }
}

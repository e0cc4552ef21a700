namespace JitFunctions.LocalStack;

/// <summary>The folder of the server programs: on PATH, or where Debian and Ubuntu install them outside PATH.</summary>
internal static class PostgresBinaries
{
    private const string DebianFolder = "/usr/lib/postgresql";
    private const int OldestMajor = 15;

    public static string Find()
    {
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(
            ':',
            StringSplitOptions.RemoveEmptyEntries
        );
        var packaged = Directory.Exists(DebianFolder)
            ? Directory
                .GetDirectories(DebianFolder)
                .Where(folder => int.TryParse(Path.GetFileName(folder), out var major) && major >= OldestMajor)
                .OrderByDescending(folder => int.Parse(Path.GetFileName(folder), null))
                .Select(folder => Path.Combine(folder, "bin"))
            : [];
        return onPath.Concat(packaged).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")))
            ?? throw new InvalidOperationException(
                $"No PostgreSQL {OldestMajor}+ server found: install it (apt-get install postgresql)."
            );
    }
}

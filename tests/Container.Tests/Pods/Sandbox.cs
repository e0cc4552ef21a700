using JitFunctions.LocalStack;

namespace JitFunctions.Container.Tests.Pods;

/// <summary>
/// Runs a command on an image's files as a container runtime would that was told to be strict: they are its root,
/// read-only, with nothing writable but the volumes; a user with no capability and no way to get one; none of this
/// machine's environment. The network is this machine's.
/// </summary>
internal static class Sandbox
{
    private const string Script = """
        set -e
        root=$1 pid=$2; shift 2
        mount --bind "$root" "$root"
        mount --rbind /proc "$root/proc"
        mount -t tmpfs -o mode=755 tmpfs "$root/dev"
        for device in null zero random urandom; do : >"$root/dev/$device"; mount --bind "/dev/$device" "$root/dev/$device"; done
        mount -o remount,ro "$root/dev"
        while [ "$1" != -- ]; do
            if [ "$1" = tmpfs ]; then
                mount -t tmpfs -o size=64m,mode=1777,nosuid,nodev,noexec tmpfs "$root$2"
            else
                mount --bind "$1" "$root$2"
                mount -o remount,bind,ro,nosuid,nodev,noexec "$root$2"
            fi
            shift 2
        done
        shift
        mount -o remount,bind,ro,nosuid,nodev "$root"
        echo $$ >"$pid"
        exec env -i "$@"
        """;

    // A user other than root is root, and has that user's subordinate ids, in a namespace of their own.
    private static readonly string[] Unshare = Environment.IsPrivilegedProcess
        ? ["--mount"]
        : ["--user", "--map-root-user", "--map-auto", "--mount"];

    /// <summary>Why this machine can not, in a word of the kernel's; null when it can.</summary>
    public static async Task<string?> ObstacleAsync(CancellationToken cancellation)
    {
        var run = await Command.RunAsync(
            "unshare",
            [.. Unshare, "sh", "-c", "mount -t tmpfs tmpfs /mnt"],
            cancellation: cancellation
        );
        return run.ExitCode == 0 ? null : run.StdErr.Trim();
    }

    /// <param name="identity">The user, the group and the folder to begin in.</param>
    /// <param name="volumes">A folder of this machine, or "tmpfs", and where it appears.</param>
    /// <param name="pidFile">Where the number of the process is written.</param>
    public static (string Program, string[] Arguments) Enter(
        string root,
        (int User, int Group, string Folder) identity,
        IEnumerable<(string Source, string Target)> volumes,
        IEnumerable<string> environment,
        IEnumerable<string> command,
        string pidFile
    ) =>
        (
            "unshare",
            [
                .. Unshare,
                "sh",
                "-c",
                Script,
                "sandbox",
                root,
                pidFile,
                .. volumes.SelectMany(volume => new[] { volume.Source, volume.Target }),
                "--",
                .. environment,
                "/usr/bin/setpriv",
                "--no-new-privs",
                "--inh-caps=-all",
                "--bounding-set=-all,+sys_chroot,+setuid,+setgid",
                "/usr/bin/unshare",
                $"--root={root}",
                $"--wd={identity.Folder}",
                $"--setgid={identity.Group}",
                $"--setuid={identity.User}",
                .. command,
            ]
        );
}

#!/usr/bin/env python3
"""Makes an OCI image archive of the service: packaging/oci-image.py OUT.tar [--publish FOLDER]

The image holds the self-contained publish (made here unless a folder is given), the libraries of this Debian that it loads, and nothing
else: no shell, no package manager. Layers are sorted, owned by root and without times, so that the same inputs give the same digest.
No container engine and no registry is needed; `skopeo copy oci-archive:OUT.tar ...`, `podman load -i OUT.tar` and newer `docker load`
take the archive.
"""
import argparse, gzip, hashlib, io, json, os, pathlib, platform, shutil, struct, subprocess, sys, tarfile, tempfile

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
USER = 65532  # no user of the host, as distroless images have it
ARCHITECTURES = {"x86_64": ("linux-x64", "amd64", "x86_64-linux-gnu"), "aarch64": ("linux-arm64", "arm64", "aarch64-linux-gnu")}
PROGRAM = "MatchEngine.Service"
# Loaded by name at run time, so no file says that it needs them: TLS, and how names of hosts are looked up.
BY_NAME = ["libssl.so.3", "libcrypto.so.3", "libnss_files.so.2", "libnss_dns.so.2"]
# Looked for by .NET and not needed: tracing, ICU (culture is invariant) and Kerberos.
OPTIONAL = ["liblttng-ust.so.0", "liblttng-ust.so.1", "libicuuc.so", "libgssapi_krb5.so.2"]


def needed(file):
    """The libraries that an ELF file names (DT_NEEDED), and its interpreter; nothing of other files."""
    data = file.read_bytes()
    if data[:4] != b"\x7fELF" or data[4] != 2:
        return [], None
    table, = struct.unpack_from("<Q", data, 32)
    size, count = struct.unpack_from("<HH", data, 54)
    loads, dynamic, interpreter = [], None, None
    for i in range(count):
        kind, _, offset, address, _, length = struct.unpack_from("<IIQQQQ", data, table + i * size)
        if kind == 1:
            loads.append((address, length, offset))
        elif kind == 2:
            dynamic = (offset, length)
        elif kind == 3:
            interpreter = data[offset:offset + length].rstrip(b"\0").decode()
    if dynamic is None:
        return [], interpreter
    entries = [struct.unpack_from("<qQ", data, dynamic[0] + i) for i in range(0, dynamic[1], 16)]
    strings = next(value for tag, value in entries if tag == 5)
    strings = next(strings - address + offset for address, length, offset in loads if address <= strings < address + length)
    return [data[strings + value:data.index(b"\0", strings + value)].decode() for tag, value in entries if tag == 1], interpreter


def libraries(publish, folders):
    """The libraries of this machine that a published folder loads, by their paths in the image: {'/lib/…/libc.so.6': real file}."""
    own = {file.name: file for file in publish.rglob("*") if file.is_file()}
    found, missing, seen = {}, set(), set()
    waiting = [(name, "by name") for name in BY_NAME]
    for file in sorted(own.values()):
        names, interpreter = needed(file)
        waiting += [(name, file.name) for name in names]
        if interpreter:
            found[interpreter] = pathlib.Path(interpreter).resolve()
            waiting += [(name, interpreter) for name in needed(found[interpreter])[0]]
    while waiting:
        name, by = waiting.pop()
        if name in seen or name in own or name in OPTIONAL or name in {pathlib.PurePath(path).name for path in found}:
            continue
        seen.add(name)
        place = next((folder / name for folder in folders if (folder / name).exists()), None)
        if place is None:
            missing.add(f"{name} ({by})")
            continue
        found[str(folders[0] / name)] = place.resolve()
        waiting += [(other, name) for other in needed(place.resolve())[0]]
    if missing:
        sys.exit(f"not on this machine: {', '.join(sorted(missing))}. Install their packages (libssl3, libstdc++6, libgcc-s1, libc6)")
    return found


def packages(files):
    """The Debian packages of files, as 'name version', with their licences."""
    told = {}
    for file in files:
        # Debian moved /lib below /usr: the database of packages knows some files by the one path and some by the other.
        for path in (str(file), str(file).removeprefix("/usr")):
            asked = subprocess.run(["dpkg-query", "-S", path], capture_output=True, text=True, check=False)
            if asked.returncode == 0:
                name = asked.stdout.split(": ")[0].split(", ")[0]
                break
        else:
            sys.exit(f"{file} is of no Debian package: nobody could say which version of it is in the image")
        version = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", name], capture_output=True, text=True, check=True).stdout
        told[name.split(":")[0]] = version
    return dict(sorted(told.items()))


class Layer:
    """A tar file whose bytes depend on what is in it alone."""

    def __init__(self):
        self.entries = {}

    def folder(self, path, mode=0o755, owner=0):
        self.entries[path.strip("/")] = (tarfile.DIRTYPE, mode, owner, b"", "")

    def link(self, path, target):
        self.entries[path.strip("/")] = (tarfile.SYMTYPE, 0o777, 0, b"", target)

    def file(self, path, content, mode=0o644):
        parts = path.strip("/").split("/")
        for end in range(1, len(parts)):
            self.entries.setdefault("/".join(parts[:end]), (tarfile.DIRTYPE, 0o755, 0, b"", ""))
        self.entries[path.strip("/")] = (tarfile.REGTYPE, mode, 0, content, "")

    def pack(self):
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as tar:
            for path in sorted(self.entries):
                add(tar, path, *self.entries[path])
        return packed.getvalue()


def add(tar, path, kind, mode, owner, content, target):
    info = tarfile.TarInfo(path)
    info.type, info.mode, info.uid, info.gid, info.size, info.linkname = kind, mode, owner, owner, len(content), target
    tar.addfile(info, io.BytesIO(content))


def digest(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


def base_layer(publish, triplet):
    folders = [pathlib.Path("/lib") / triplet, pathlib.Path("/usr/lib") / triplet, pathlib.Path("/lib64")]
    found, layer = libraries(publish, folders), Layer()
    # One tree, as Debian has it: /lib and /lib64 lead below /usr.
    for name in ("lib", "lib64"):
        layer.folder(f"usr/{name}")
        layer.link(name, f"usr/{name}")
    for path, real in found.items():
        layer.file("usr" + path if not path.startswith("/usr") else path, real.read_bytes(), 0o755)
    told = packages(found.values())
    layer.file("usr/share/doc/packages", "".join(f"{name} {version}\n" for name, version in told.items()).encode())
    for name in told:
        licence = pathlib.Path("/usr/share/doc") / name / "copyright"
        if licence.exists():
            layer.file(f"usr/share/doc/{name}/copyright", licence.read_bytes())
    layer.file("etc/passwd", f"root:x:0:0::/:/nonexistent\nmatchengine:x:{USER}:{USER}::/data:/nonexistent\n".encode())
    layer.file("etc/group", f"root:x:0:\nmatchengine:x:{USER}:\n".encode())
    layer.file("etc/nsswitch.conf", b"passwd: files\ngroup: files\nhosts: files dns\n")
    # What an engine mounts something on; a read-only root gets no folder later.
    for name in ("dev", "proc", "sys"):
        layer.folder(name)
    layer.folder("tmp", 0o1777)
    layer.folder("data", 0o700, USER)
    return layer


def app_layer(publish):
    layer = Layer()
    for file in sorted(publish.rglob("*")):
        if file.is_symlink() or not (file.is_file() or file.is_dir()):
            sys.exit(f"{file}: only files and folders are published")
        if file.is_file() and file.suffix not in (".pdb", ".xml"):
            mode = 0o755 if file.name in (PROGRAM, "createdump") or file.suffix == ".so" else 0o644
            layer.file(f"app/{file.relative_to(publish)}", file.read_bytes(), mode)
    return layer


def write(out, layers, architecture):
    blobs, descriptors, diff_ids = {}, [], []
    for layer in layers:
        packed = layer.pack()
        diff_ids.append(digest(packed))
        squeezed = gzip.compress(packed, compresslevel=6, mtime=0)
        blobs[digest(squeezed)] = squeezed
        descriptors.append(
            {"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "digest": digest(squeezed), "size": len(squeezed)})
    config = json.dumps({
        "architecture": architecture,
        "os": "linux",
        "config": {
            "User": f"{USER}:{USER}",
            "Entrypoint": [f"/app/{PROGRAM}"],
            "WorkingDir": "/data",
            "Volumes": {"/data": {}},
            "ExposedPorts": {"8443/tcp": {}},
            # /tmp of a read-only root cannot be written: the diagnostics of .NET, which want a socket there, are off, and ASP.NET Core,
            # which writes a key of its key ring to a temporary file first, does so where the key ring lies.
            "Env": [
                "PATH=/app", "MATCHENGINE_DATA_DIR=/data", "MATCHENGINE_URLS=https://0.0.0.0:8443", "DOTNET_EnableDiagnostics=0",
                "TMPDIR=/data",
            ],
            # OCI has no word for it; Docker and Podman read this one.
            "Healthcheck": {
                "Test": ["CMD", f"/app/{PROGRAM}", "health"], "Interval": 30 * 10**9, "Timeout": 10 * 10**9, "StartPeriod": 60 * 10**9,
            },
            "Labels": {"org.opencontainers.image.title": "MatchEngine service", "org.opencontainers.image.licenses": "MIT"},
        },
        "rootfs": {"type": "layers", "diff_ids": diff_ids},
    }, sort_keys=True).encode()
    blobs[digest(config)] = config
    manifest = json.dumps({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest(config), "size": len(config)},
        "layers": descriptors,
    }, sort_keys=True).encode()
    blobs[digest(manifest)] = manifest
    index = json.dumps({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.index.v1+json",
        "manifests": [{
            "mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": digest(manifest), "size": len(manifest),
            "platform": {"architecture": architecture, "os": "linux"},
            "annotations": {"org.opencontainers.image.ref.name": "matchengine-service:latest"},
        }],
    }, sort_keys=True).encode()
    partial = out.with_name(out.name + ".partial")
    try:
        with tarfile.open(partial, mode="w", format=tarfile.USTAR_FORMAT) as tar:
            add(tar, "oci-layout", tarfile.REGTYPE, 0o644, 0, b'{"imageLayoutVersion":"1.0.0"}', "")
            add(tar, "index.json", tarfile.REGTYPE, 0o644, 0, index, "")
            for name in sorted(blobs):
                add(tar, "blobs/sha256/" + name.removeprefix("sha256:"), tarfile.REGTYPE, 0o644, 0, blobs[name], "")
        os.replace(partial, out)
    finally:
        partial.unlink(missing_ok=True)
    print(f"{out}: {digest(manifest)}, {out.stat().st_size / 2**20:.0f} MiB")


def main():
    asked = argparse.ArgumentParser(description="Makes an OCI image archive of the service.")
    asked.add_argument("out", type=pathlib.Path)
    asked.add_argument("--publish", type=pathlib.Path, help="a self-contained publish for this platform; made when not given")
    given = asked.parse_args()
    if platform.machine() not in ARCHITECTURES or not shutil.which("dpkg-query"):
        sys.exit("images are made on Debian, on x86-64 or ARM64")
    rid, architecture, triplet = ARCHITECTURES[platform.machine()]
    with tempfile.TemporaryDirectory() as work:
        publish = given.publish
        if publish is None:
            publish = pathlib.Path(work) / "app"
            subprocess.run(
                ["dotnet", "publish", "-c", "Release", "-r", rid, "--self-contained", "-v", "q", "-o", publish,
                 REPOSITORY / "src" / PROGRAM], check=True, stdout=sys.stderr)
        if not (publish / PROGRAM).is_file():
            sys.exit(f"{publish}: there is no {PROGRAM}; give the folder of a self-contained publish")
        write(given.out, [base_layer(publish, triplet), app_layer(publish)], architecture)


if __name__ == "__main__":
    main()

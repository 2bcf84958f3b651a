# shellcheck shell=bash disable=SC2154
# Makes the seeded copy of src, for tests/faults/run. Files that come out as they are keep their time, so that a second build is quick.

seeds=$root/tests/faults/Seeds/seeds.txt

# seeded FILE: the file with its hunks applied. Fails, with the line, where an anchor is not there exactly once.
seeded() {
    awk -v file="$1" '
        function trimmed(text) { sub(/^[ \t]+/, "", text); sub(/[ \t]+$/, "", text); return text }
        NR == FNR {
            if ($0 ~ /^@ /) ours = substr($0, 3) == file
            else if (!ours || $0 !~ /^[=<>!]/) next
            else if ($0 ~ /^=/) { anchor = substr($0, 3); seen[anchor] = 0 }
            else if ($0 ~ /^</) before[anchor] = before[anchor] substr($0, 3) "\n"
            else if ($0 ~ /^>/) after[anchor] = after[anchor] substr($0, 3) "\n"
            else instead[anchor] = substr($0, 3) "\n"
            next
        }
        {
            line = trimmed($0)
            if (!(line in seen)) { print; next }
            seen[line]++
            printf "%s", before[line]
            if (line in instead) printf "%s", instead[line]; else print
            printf "%s", after[line]
        }
        END {
            for (anchor in seen) if (seen[anchor] != 1) {
                printf "%s has this line %d times, the seeds need it once: %s\n", file, seen[anchor], anchor >"/dev/stderr"
                bad = 1
            }
            exit bad
        }' "$seeds" "$root/$1"
}

# keep FILE: takes standard input for it, unless it is that already.
keep() {
    cat >"$run/new"
    cmp -s "$run/new" "$1" || { mkdir -p "$(dirname "$1")" && cp "$run/new" "$1"; }
}

# make_seeded_copy DIRECTORY
make_seeded_copy() {
    local copy=$1 file status=0
    mkdir -p "$copy"
    (cd "$root" && find src firmware-sim tests/faults tests/bench tests/integration/Servers Directory.Build.props Directory.Packages.props BannedSymbols.txt \
        .editorconfig global.json \( -name bin -o -name obj \) -prune -o -type f -print | LC_ALL=C sort) >"$run/files"
    # What is gone from the checkout must not stay in the copy.
    (cd "$copy" && find . \( -path ./artifacts -o -name obj \) -prune -o -type f -print | sed 's|^\./||' | LC_ALL=C sort) >"$run/copied"
    echo src/Grid.Domain/Seeded.cs | LC_ALL=C sort -m - "$run/files" | LC_ALL=C comm -13 - "$run/copied" | while read -r file; do rm -f "$copy/$file"; done
    while read -r file; do
        if grep -qxF "@ $file" "$seeds"; then
            seeded "$file" >"$run/seeded" || status=1
            # Lines put in by machine need not look as if written by hand.
            { echo '#pragma warning disable'; cat "$run/seeded"; } | keep "$copy/$file"
        else
            keep "$copy/$file" <"$root/$file"
        fi
    done <"$run/files"
    keep "$copy/src/Grid.Domain/Seeded.cs" <"$root/tests/faults/Seeds/Seeded.cs"
    return "$status"
}

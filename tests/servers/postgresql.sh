# shellcheck shell=bash disable=SC2154
# PostgreSQL, for tests/run.

# Debian keeps initdb and postgres out of the path, in a directory a version; the newest wins.
postgresql_bin() {
    local newest
    newest=$(printf '%s\n' /usr/lib/postgresql/*/bin/initdb | sort -V | tail -n 1)
    [[ -x $newest ]] || newest=$(command -v initdb) || return 1
    dirname "$newest"
}

postgresql_installed() { postgresql_bin >/dev/null; }

postgresql_launch() {
    local bin as_postgres=()
    bin=$(postgresql_bin)
    postgresql_port=$(free_port)
    postgresql_password=$(random_password)
    printf '%s\n' "$postgresql_password" >"$home/password"
    : >"$home/log"
    if ((EUID == 0)); then # PostgreSQL refuses to run as root
        as_postgres=(setpriv --reuid=postgres --regid=postgres --init-groups)
        chown -R postgres: "$home" || return 1
    fi
    (cd "$home" && "${as_postgres[@]}" "$bin/initdb" --pgdata="$home/data" --username=grid --pwfile="$home/password" \
        --auth=scram-sha-256 --encoding=UTF8 --locale=C --no-sync) >>"$home/log" 2>&1 || return 1
    # Nothing here outlives the run: without fsync the many small databases of the tests come and go faster.
    cat >>"$home/data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
port = $postgresql_port
unix_socket_directories = '$home'
max_connections = 200
fsync = off
full_page_writes = off
log_timezone = 'UTC'
timezone = 'UTC'
CONF
    launch "${as_postgres[@]}" "$bin/postgres" -D "$home/data"
}

postgresql_ready() { "$(postgresql_bin)/pg_isready" -q -h 127.0.0.1 -p "$postgresql_port"; }

postgresql_share() {
    export GRID_TEST_POSTGRES="Host=127.0.0.1;Port=$postgresql_port;Username=grid;Password=$postgresql_password;Database=postgres"
}

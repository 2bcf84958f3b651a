# shellcheck shell=bash disable=SC2154
# InfluxDB 1.x, for tests/run.

influxdb_installed() { command -v influxd >/dev/null; }

influxdb_launch() {
    influxdb_port=$(free_port)
    cat >"$home/influxdb.conf" <<CONF
reporting-disabled = true
bind-address = "127.0.0.1:$(free_port)"
[meta]
dir = "$home/meta"
[data]
dir = "$home/data"
wal-dir = "$home/wal"
index-version = "tsi1"
query-log-enabled = false
[monitor]
store-enabled = false
[http]
bind-address = "127.0.0.1:$influxdb_port"
auth-enabled = true
log-enabled = false
[continuous_queries]
enabled = false
[logging]
level = "warn"
suppress-logo = true
CONF
    launch influxd -config "$home/influxdb.conf"
}

# influxdb_status METHOD PATH [FORM]: the status of the answer. By hand: a fresh Debian has no curl.
influxdb_status() {
    local method=$1 path=$2 form=${3:-} code=
    {
        printf '%s %s HTTP/1.0\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s' \
            "$method" "$path" "${#form}" "$form" >&3
        read -r -t 5 _ code _ <&3
    } 2>/dev/null 3<>"/dev/tcp/127.0.0.1/$influxdb_port"
    echo "$code"
}

influxdb_ready() { [[ $(influxdb_status GET /ping) == 204 ]]; }

influxdb_share() {
    local password
    password=$(random_password)
    # The first user may be created without a login; from then on every request needs one.
    [[ $(influxdb_status POST /query "q=CREATE+USER+grid+WITH+PASSWORD+'$password'+WITH+ALL+PRIVILEGES") == 200 ]] || return 1
    export GRID_TEST_INFLUX_URL=http://127.0.0.1:$influxdb_port GRID_TEST_INFLUX_USER=grid GRID_TEST_INFLUX_PASSWORD=$password
}

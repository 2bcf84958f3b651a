# shellcheck shell=bash disable=SC2154
# Mosquitto 2, for tests/run. Tests add gateways to its passwd file and send it SIGHUP.

mosquitto_installed() { command -v mosquitto >/dev/null && command -v mosquitto_passwd >/dev/null; }

mosquitto_launch() {
    mosquitto_port=$(free_port)
    mosquitto_password=$(random_password)
    mosquitto_passwd -b -c "$home/passwd" ingest "$mosquitto_password" >>"$home/log" 2>&1 || return 1
    {
        printf 'user ingest\ntopic readwrite grid/v1/#\n\n'
        printf 'pattern write grid/v1/%%u/%s\n' readings senml tic p1 status events command-results
        printf 'pattern read grid/v1/%%u/%s\n' ack backfill commands
    } >"$home/acl"
    # No use_username_as_clientid: the ingest nodes share one user and would throw each other out.
    # max_queued_messages: what an ingest node missed while it was down must all be there when it comes back; the
    # default, 1000, drops the rest in silence. Not 0, "no limit": with it 2.0.11 disconnects whoever publishes where
    # it may not, instead of answering "not authorized".
    cat >"$home/mosquitto.conf" <<CONF
listener $mosquitto_port 127.0.0.1
allow_anonymous false
password_file $home/passwd
acl_file $home/acl
persistence true
persistence_location $home/
max_queued_messages 10000000
log_dest stdout
log_type error
log_type warning
log_type notice
CONF
    # Started by root it would become the user mosquitto, who may not read this directory.
    ((EUID != 0)) || echo 'user root' >>"$home/mosquitto.conf"
    launch mosquitto -c "$home/mosquitto.conf"
    mosquitto_pid=$launched
}

mosquitto_ready() { answers "$mosquitto_port"; }

mosquitto_share() {
    export GRID_TEST_MOSQUITTO_HOST=127.0.0.1 GRID_TEST_MOSQUITTO_PORT=$mosquitto_port GRID_TEST_MOSQUITTO_PID=$mosquitto_pid
    export GRID_TEST_MOSQUITTO_PASSWD=$home/passwd GRID_TEST_MOSQUITTO_ACL=$home/acl
    export GRID_TEST_MOSQUITTO_USER=ingest GRID_TEST_MOSQUITTO_PASSWORD=$mosquitto_password
}

# shellcheck shell=bash disable=SC2154
# Starting, awaiting and stopping what tests/run runs. Sourced by it.
#
# Each server's file has four functions: NAME_installed, NAME_launch (writes its configuration into $home, takes
# free ports, calls launch), NAME_ready, and NAME_share, which exports what tests need to reach it.

# No build server outlives the build.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false

random_password() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# A loopback port where nobody listens, below those that Linux gives to outgoing connections.
free_port() {
    local port
    for _ in {1..100}; do
        port=$((20000 + RANDOM % 12000))
        answers "$port" || { echo "$port"; return 0; }
    done
    return 1
}

# launch COMMAND...: in a session of its own, so that Ctrl-C is for tests/run alone, which stops it in turn.
launch() {
    setsid "$@" >>"$home/log" 2>&1 </dev/null &
    launched=$!
    disown "$launched"
    servers+=("$launched")
}

# start NAME: three tries, for another may take a port between our look and the server's.
start() {
    local name=$1 launched= tries=0 deadline
    "${name}_installed" || return 1
    while ((++tries <= 3)); do
        home=$run/$name-$tries launched=
        mkdir -m 700 "$home"
        "${name}_launch" || break
        deadline=$((SECONDS + 20))
        while kill -0 "$launched" 2>/dev/null && ((SECONDS < deadline)); do
            "${name}_ready" && "${name}_share" && return 0
            sleep 0.1
        done
        ((SECONDS < deadline)) || break
    done
    say "$name did not come up; the end of its log:"
    tail -n 20 "$home/log" >&2 || true
    return 1
}

# in_session COMMAND...: as launch, but shown, and waited for in a way that a signal can interrupt.
in_session() {
    setsid "$@" </dev/null &
    tests=$!
    wait "$tests"
}

# stop_all PID-OR-GROUP...: TERM, five seconds, KILL. A group is its number with a minus.
stop_all() {
    local target tenths=0
    for target in "$@"; do kill -TERM -- "$target" 2>/dev/null || true; done
    for target in "$@"; do
        while kill -0 -- "$target" 2>/dev/null && ((tenths++ < 50)); do sleep 0.1; done
        kill -KILL -- "$target" 2>/dev/null || true
    done
}

stop_tests() {
    [[ -n $tests ]] || return 0
    { stop_all "-$tests"; wait "$tests" || true; } 2>/dev/null
    tests=
}

stop_servers() {
    ((${#servers[@]} == 0)) || stop_all "${servers[@]}"
    servers=()
}

# What left the session of the tests, as a browser does, still carries the mark of this run.
stop_strays() {
    local environ pid
    for environ in /proc/[0-9]*/environ; do
        pid=${environ//[!0-9]/}
        if ((pid != $$)) && grep -qszFx "GRID_TEST_RUN=$run" "$environ"; then kill -KILL "$pid" 2>/dev/null || true; fi
    done
}

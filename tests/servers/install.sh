# shellcheck shell=bash disable=SC2154
# Installing what is missing, on Debian, without a service of it being started. Sourced by tests/run and tests/bench/run.

policy=/usr/sbin/policy-rc.d # Debian asks it before it starts a service; 101 forbids
policy_is_ours=
as_root=()

services_denied() {
    local service code
    [[ -x $policy ]] || return 1
    for service in influxdb mosquitto postgresql; do
        code=0
        "$policy" "$service" start >/dev/null 2>&1 || code=$?
        ((code == 101)) || return 1
    done
}

deny_services() {
    services_denied && return 0
    if [[ -e $policy || -L $policy ]]; then "${as_root[@]}" mv "$policy" "$policy.before-grid-tests" || return 1; fi
    policy_is_ours=yes
    printf '#!/bin/sh\nexit 101\n' >"$run/policy"
    "${as_root[@]}" install -m 755 "$run/policy" "$policy"
}

allow_services() {
    [[ $policy_is_ours ]] || return 0
    "${as_root[@]}" rm -f "$policy"
    if [[ -e $policy.before-grid-tests || -L $policy.before-grid-tests ]]; then
        "${as_root[@]}" mv "$policy.before-grid-tests" "$policy"
    fi
    policy_is_ours=
}

apt_get() {
    local tries=0
    until "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
        -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 "$@" >>"$run/apt.log" 2>&1 </dev/null; do
        ((++tries < 3)) || { tail -n 5 "$run/apt.log" >&2; return 1; }
        sleep 3
    done
}

# install_missing PACKAGE...: those whose PACKAGE_installed says no.
install_missing() {
    local package wanted=()
    for package in "$@"; do "${package}_installed" || wanted+=("$package"); done
    ((${#wanted[@]} > 0)) && command -v apt-get >/dev/null || return 0
    if ((EUID != 0)); then
        sudo -n true 2>/dev/null || { say "Not installed, and only root may install it: ${wanted[*]}"; return 0; }
        as_root=(sudo -n)
    fi
    say "Installing ${wanted[*]}"
    apt_get update || say "apt-get update failed; going on with the package lists that are here"
    if deny_services; then
        # One by one: a package that this release does not have must not keep the others away.
        for package in "${wanted[@]}"; do
            apt_get install --no-install-recommends "$package" || say "$package could not be installed"
        done
    else
        say "Services could not be kept from starting, so nothing was installed"
    fi
    allow_services
}

#!/bin/sh
# MQTT to InfluxDB with what every Debian has: mosquitto_sub | mawk | curl, in batches, two POSTs at a time.
# bridge.sh MQTT-PORT USER PASSWORD INFLUX-PORT DIRECTORY
set -u
export TZ=UTC LC_ALL=C directory=$5
export url="http://127.0.0.1:$4/write?db=grid&precision=ms"

{
    # An empty line ten times a second lets mawk hand over a batch that nobody fills.
    while sleep 0.1; do echo; done &
    exec mosquitto_sub -h 127.0.0.1 -p "$1" -u "$2" -P "$3" -i bridge -c -q 1 -t 'grid/v1/+/readings'
} | mawk -W interactive '
    function hand_over() {
        if (count == 0) return
        close(file)
        print file; fflush()
        count = 0
        file = ENVIRON["directory"] "/batch-" ++number
    }
    BEGIN { file = ENVIRON["directory"] "/batch-" ++number }
    NF == 0 { hand_over(); next }
    {
        readings = split($0, part, /\{"meter":"/)
        for (i = 2; i <= readings; i++) {
            # 1 meter, 3 to 5 instant, 7 importWh, 9 exportWh, 11 powerW, 13 voltageV
            split(part[i], field, /[":,}]+/)
            at = field[3] ":" field[4] ":" field[5]
            if (!(at in stamp)) {
                split(at, clock, /[-T:Z]/)
                stamp[at] = mktime(clock[1] " " clock[2] " " clock[3] " " clock[4] " " clock[5] " " clock[6]) "000"
            }
            printf "reading,meter=%s import_wh=%si,export_wh=%si,power_w=%s,voltage_v=%s %s\n", \
                field[1], field[7], field[9], field[11], field[13], stamp[at] > file
            count++
        }
        if (count >= 5000) hand_over()
    }' | xargs -P 2 -I '{}' sh -c 'curl -s -o "$0.answer" --data-binary "@$0" "$url"; rm -f "$0" "$0.answer"' '{}'

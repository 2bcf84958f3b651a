"""MQTT to InfluxDB as it is often built, and as fast as this way goes: paho-mqtt, batches of line protocol, one kept connection.

Usage: bridge.py MQTT-PORT USER PASSWORD INFLUX-PORT
"""
import datetime
import http.client
import json
import queue
import sys
import threading
import time

import paho.mqtt.client as mqtt

BATCH_LINES = 5000
BATCH_SECONDS = 0.1

mqtt_port, user, password, influx_port = int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
full = queue.Queue(maxsize=8)  # batches; a full queue holds paho's thread, and so the broker, back
lines = []
lock = threading.Lock()
stamps = {}  # instants repeat from meter to meter: parsing one costs more than the rest of its line


def milliseconds(at):
    stamp = stamps.get(at)
    if stamp is None:
        if len(stamps) > 100_000:
            stamps.clear()
        stamp = stamps[at] = int(datetime.datetime.fromisoformat(at).timestamp() * 1000)
    return stamp


def on_connect(client, userdata, flags, rc):
    client.subscribe("grid/v1/+/readings", qos=1)


def on_message(client, userdata, message):
    global lines
    made = [
        f"reading,meter={r['meter']} import_wh={r['importWh']}i,export_wh={r['exportWh']}i,"
        f"power_w={r['powerW']},voltage_v={r['voltageV']} {milliseconds(r['at'])}"
        for r in json.loads(message.payload)["readings"]
    ]
    batch = None
    with lock:
        lines.extend(made)
        if len(lines) >= BATCH_LINES:
            batch, lines = lines, []
    if batch:
        full.put(batch)


def hand_over_in_time():
    global lines
    while True:
        time.sleep(BATCH_SECONDS)
        with lock:
            batch, lines = lines, []
        if batch:
            full.put(batch)


def write():
    influx = http.client.HTTPConnection("127.0.0.1", influx_port, timeout=30)
    while True:
        body = "\n".join(full.get()).encode()
        while True:
            try:
                influx.request("POST", "/write?db=grid&precision=ms", body)
                answer = influx.getresponse()
                answer.read()
                if answer.status == 204:
                    break
            except (OSError, http.client.HTTPException):
                influx.close()
            time.sleep(0.2)


for work in (write, write, hand_over_in_time):
    threading.Thread(target=work, daemon=True).start()
client = mqtt.Client(client_id="bridge", clean_session=False)
client.username_pw_set(user, password)
client.on_connect = on_connect
client.on_message = on_message
client.connect("127.0.0.1", mqtt_port)
client.loop_forever()

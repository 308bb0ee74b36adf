#!/usr/bin/env python3
"""A model that runs beside Skysieve: it learns from the labels, scores what is open, and sends the scores back.

It needs Python 3.8 and nothing else. The model is a logistic regression on six numbers of the difference image, trained by
gradient descent: small enough to read, good enough to see the protocol work. Put your own network in `features`, `train`
and `predict`.

    export SKYSIEVE_TOKEN=$(./skysieve token --label "my model")
    python3 external_model.py http://localhost:8080 WORKFLOW_ID [--name tiny] [--share 0.2] [--rounds 1]

The protocol is described in docs/guides/external-models.md.
"""

import argparse
import base64
import json
import math
import os
import random
import struct
import sys
import time
import urllib.error
import urllib.parse
import urllib.request


class Skysieve:
    """The three calls of the protocol."""

    def __init__(self, base, workflow, name, token):
        self.root = f"{base.rstrip('/')}/api/v1/workflows/{workflow}"
        self.name = name
        self.token = token

    def call(self, method, path, body=None):
        request = urllib.request.Request(
            self.root + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
        )
        for attempt in range(5):
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                problem = error.read().decode(errors="replace")
                if error.code < 500 and error.code != 429:
                    sys.exit(f"{method} {path}: {error.code} {problem}")
            except urllib.error.URLError as error:
                problem = error.reason
            time.sleep(2**attempt)
        sys.exit(f"{method} {path}: gave up: {problem}")

    def pages(self, path, **parameters):
        cursor = None
        while True:
            query = {k: v for k, v in {**parameters, "cursor": cursor}.items() if v is not None}
            page = self.call("GET", f"{path}?{urllib.parse.urlencode(query)}")
            yield page["items"]
            cursor = page["next"]
            if cursor is None:
                return

    def register(self, description, share):
        return self.call("PUT", f"/external-models/{self.name}", {"description": description, "share": share})

    def labels(self):
        """Candidate id -> P(class), in the order of the workflow's answers."""
        return {
            label["candidateId"]: label["target"]
            for page in self.pages("/external-models/labels", limit=500)
            for label in page
        }

    def candidates(self, which):
        """Pages of candidates with their images: "open" and not yet scored by this model, "unscored", or "all"."""
        return self.pages(f"/external-models/{self.name}/candidates", limit=50, cutouts="true", which=which)

    def send(self, version, scores):
        return self.call("POST", f"/external-models/{self.name}/scores", {"version": version, "scores": scores})


def pixels(stamp):
    """Rows of floats, NaN where nothing was measured."""
    count = stamp["width"] * stamp["height"]
    flat = struct.unpack(f"<{count}f", base64.b64decode(stamp["pixels"]))
    return [flat[y * stamp["width"] : (y + 1) * stamp["width"]] for y in range(stamp["height"])]


def features(candidate):
    """Six numbers of the difference image, or None without one."""
    stamp = candidate.get("cutouts", {}).get("difference")
    if stamp is None:
        return None
    rows = pixels(stamp)
    values = sorted(v for row in rows for v in row if not math.isnan(v))
    if len(values) < 100:
        return None
    median = values[len(values) // 2]
    noise = max(1e-6, (values[int(0.84 * len(values))] - values[int(0.16 * len(values))]) / 2)
    half_y, half_x = len(rows) // 2, len(rows[0]) // 2

    def ring(inner, outer):
        inside = [
            (rows[y][x] - median) / noise
            for y in range(max(0, half_y - outer), min(len(rows), half_y + outer + 1))
            for x in range(max(0, half_x - outer), min(len(rows[0]), half_x + outer + 1))
            if inner <= max(abs(y - half_y), abs(x - half_x)) <= outer and not math.isnan(rows[y][x])
        ]
        return inside or [0.0]

    core, near, far = ring(0, 1), ring(2, 4), ring(5, 10)
    squeeze = lambda value: math.copysign(math.log1p(abs(value)), value)
    return [
        squeeze(max(core)),
        squeeze(sum(core) / len(core)),
        squeeze(sum(near) / len(near)),
        squeeze(min(near + core)),
        squeeze(max(far)),
        squeeze(min(far)),
    ]


class Model:
    """Logistic regression for two classes; the average of a few, so that it knows how unsure it is itself."""

    MEMBERS = 5

    def __init__(self, rows, targets):
        count = len(rows[0])
        self.mean = [sum(row[f] for row in rows) / len(rows) for f in range(count)]
        self.scale = [
            math.sqrt(sum((row[f] - self.mean[f]) ** 2 for row in rows) / len(rows)) or 1.0 for f in range(count)
        ]
        self.members = [self.fit([self.standard(row) for row in rows], targets, seed) for seed in range(self.MEMBERS)]

    def standard(self, row):
        return [1.0] + [(v - m) / s for v, m, s in zip(row, self.mean, self.scale)]

    @staticmethod
    def fit(rows, targets, seed):
        draw = random.Random(seed)
        bag = [draw.randrange(len(rows)) for _ in rows]
        weights = [0.0] * len(rows[0])
        for _ in range(300):
            gradient = [1e-3 * w for w in weights]
            for i in bag:
                error = Model.sigmoid(sum(w * v for w, v in zip(weights, rows[i]))) - targets[i]
                for f, v in enumerate(rows[i]):
                    gradient[f] += error * v / len(rows)
            weights = [w - 0.8 * g for w, g in zip(weights, gradient)]
        return weights

    @staticmethod
    def sigmoid(z):
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))

    def predict(self, row):
        """P(first class) and the epistemic part of its doubt, in nats."""
        standard = self.standard(row)
        each = [self.sigmoid(sum(w * v for w, v in zip(member, standard))) for member in self.members]
        p = sum(each) / len(each)
        entropy = lambda q: -sum(x * math.log(x) for x in (q, 1 - q) if x > 0)
        return p, max(0.0, entropy(p) - sum(map(entropy, each)) / len(each))


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("base")
    arguments.add_argument("workflow")
    arguments.add_argument("--name", default="tiny")
    arguments.add_argument("--share", type=float, default=0.0, help="what its word counts, 0 to 0.9 (default: only watch)")
    arguments.add_argument("--answers", default="real,bogus", help="the workflow's two answers, in order")
    arguments.add_argument("--rounds", type=int, default=1, help="how often to learn and score; a minute lies between")
    options = arguments.parse_args()
    answers = options.answers.split(",")
    token = os.environ.get("SKYSIEVE_TOKEN") or sys.exit("SKYSIEVE_TOKEN is not set: ./skysieve token --label TEXT prints one")
    server = Skysieve(options.base, options.workflow, options.name, token)
    server.register("Logistic regression on six numbers of the difference image", options.share)

    measured = {}
    for turn in range(options.rounds):
        if turn > 0:
            time.sleep(60)
        # At first all: those with labels are learned from. Then only what is new.
        for page in server.candidates("all" if turn == 0 else "unscored"):
            for candidate in page:
                row = features(candidate)
                if row is not None:
                    measured[candidate["candidateId"]] = row
        labels = {id: target for id, target in server.labels().items() if id in measured}
        first = sum(target[0] for target in labels.values())
        if first < 5 or len(labels) - first < 5:
            print(f"{len(labels)} labels: too few to learn from, need 5 of each answer")
            continue
        model = Model([measured[id] for id in labels], [target[0] for target in labels.values()])
        scores = []
        for id, row in measured.items():
            p, doubt = model.predict(row)
            scores.append(
                {
                    "candidateId": id,
                    "probabilities": {answers[0]: p, answers[1]: 1 - p},
                    "uncertainty": doubt,
                }
            )
        for start in range(0, len(scores), 1000):
            server.send(f"round {turn + 1}", scores[start : start + 1000])
        print(f"learned from {len(labels)} labels, scored {len(scores)} candidates")


if __name__ == "__main__":
    main()

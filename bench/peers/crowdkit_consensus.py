"""Runs crowd-kit on votes that bench/consensus wrote: one JSON line an algorithm, CPU seconds of one fit.

    crowdkit_consensus.py VOTES TRUTH

VOTES holds little-endian int32 triples task, worker, label; TRUTH one int32 a task. Exits with 3 where crowd-kit is not
installed.
"""

import json
import os
import sys
import time

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[threads] = "1"

try:
    import numpy as np
    import pandas as pd
    from crowdkit import __version__ as version
    from crowdkit.aggregation import DawidSkene, MajorityVote, OneCoinDawidSkene, Wawa
except ImportError as missing:
    print(f"crowd-kit cannot be imported: {missing}", file=sys.stderr)
    sys.exit(3)


def main(votes_file: str, truth_file: str) -> None:
    votes = np.fromfile(votes_file, dtype="<i4").reshape(-1, 3)
    truth = np.fromfile(truth_file, dtype="<i4")
    frame = pd.DataFrame(votes, columns=["task", "worker", "label"])
    algorithms = {
        "MajorityVote": MajorityVote(),
        "Wawa": Wawa(),
        "DawidSkene": DawidSkene(n_iter=100),
        "OneCoinDawidSkene": OneCoinDawidSkene(n_iter=100),
    }
    for name, algorithm in algorithms.items():
        started = time.process_time()
        try:
            labels = algorithm.fit_predict(frame)
        except Exception as failure:  # crowd-kit and scikit-learn do not always fit each other
            print(f"crowd-kit {version} {name} fails: {type(failure).__name__}", file=sys.stderr)
            continue
        seconds = time.process_time() - started
        accuracy = float((labels.to_numpy() == truth[labels.index.to_numpy()]).mean())
        print(
            json.dumps({"version": version, "name": name, "cpuSeconds": seconds, "accuracy": accuracy}),
            flush=True,
        )


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])

"""What an operator may count: numbers and outcomes, never whose.

The writer and the loop bump plain integers; Prometheus reads them when it asks. Labels come from fixed lists.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

_BUCKETS: Final = (0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)


class Metrics(Collector):
    def __init__(self) -> None:
        self.envelopes = 0
        self.deliveries = 0
        self.commits = 0
        self.commit_seconds = 0.0
        self.receipts_dropped = 0
        self.streams = 0
        self.blob_bytes = 0
        self.refused: Counter[str] = Counter()
        self.deleted: Counter[str] = Counter()
        self.responses: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self.pushes: Counter[str] = Counter()
        self._commit_buckets: Counter[float] = Counter()
        self._registry = CollectorRegistry()
        self._registry.register(self)

    def committed(self, seconds: float) -> None:
        self.commits += 1
        self.commit_seconds += seconds
        self._commit_buckets[next((b for b in _BUCKETS if seconds <= b), float("inf"))] += 1

    def text(self) -> bytes:
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        yield CounterMetricFamily("sealdesk_envelopes_accepted", "Envelopes on disk.", value=self.envelopes)
        yield CounterMetricFamily("sealdesk_deliveries_accepted", "Slots on disk.", value=self.deliveries)
        yield CounterMetricFamily(
            "sealdesk_receipts_dropped", "Receipts whose sender's mailbox was full.", value=self.receipts_dropped
        )
        yield _labelled("sealdesk_refused", "Deliveries refused.", "reason", self.refused)
        yield _labelled("sealdesk_deleted", "Waiting envelopes deleted.", "by", self.deleted)
        yield _labelled("sealdesk_responses", "Answers by status class.", "class", self.responses)
        yield _labelled("sealdesk_faults", "What went wrong here.", "where", self.faults)
        yield _labelled("sealdesk_pushes", "Wake-ups asked of push services.", "outcome", self.pushes)
        yield GaugeMetricFamily("sealdesk_streams", "Open streams.", value=self.streams)
        yield GaugeMetricFamily("sealdesk_blob_bytes", "Bytes of blobs on disk.", value=self.blob_bytes)
        yield self._commit_histogram()

    def _commit_histogram(self) -> Metric:
        buckets, total = [], 0
        for bound in (*_BUCKETS, float("inf")):
            total += self._commit_buckets[bound]
            buckets.append(("+Inf" if bound == float("inf") else str(bound), float(total)))
        return HistogramMetricFamily(
            "sealdesk_commit_seconds", "From the first job to the disk.", buckets=buckets, sum_value=self.commit_seconds
        )


def _labelled(name: str, text: str, label: str, counts: Counter[str]) -> Metric:
    family = CounterMetricFamily(name, text, labels=[label])
    for value, count in counts.items():
        family.add_metric([value], count)
    return family

"""Whether each replica works when the faults are over."""
from publisher import Publisher

EVENTS = 400
SETTLED = "postback_events_total"


def prove_alive(stage, say):
    """After the faults some more events are published, and each replica must settle some of them.

    Else one that never came back would go unnoticed while the other one empties the queue.
    """
    stage.wait("both replicas are ready after the faults", lambda: all(one.is_ready for one in stage.replicas), 120)
    before = [replica.metric(SETTLED) for replica in stage.replicas]
    first = len(stage.publisher.confirmed)
    stage.afterwards = Publisher([node.port for node in stage.brokers], "postback", stage.mix, first + EVENTS, 200,
                                 first=first)
    stage.afterwards.start()
    stage.run_empty(stage.afterwards, say)
    for replica, had in zip(stage.replicas, before):
        more = replica.metric(SETTLED) - had
        say(f"{replica.name} settled {more:.0f} events after the faults")
        if more <= 0:
            stage.troubles.append(f"{replica.name} settled none of {EVENTS} events after the faults, though it says "
                                  "that it is ready")

package dev.landfall.sim.plane;

import dev.landfall.ecs.Ecs;
import dev.landfall.ecs.Surroundings;
import dev.landfall.ecs.agents.AcsConversation;
import dev.landfall.ecs.agents.ConnectedAgents;
import dev.landfall.ecs.agents.Payloads;
import dev.landfall.ecs.balance.TargetLooks;
import dev.landfall.ecs.capacity.CapacityLooks;
import dev.landfall.ecs.deployment.AlarmWatch;
import dev.landfall.ecs.event.Outbox;
import dev.landfall.ecs.event.Untold;
import dev.landfall.ecs.express.ExpressLooks;
import dev.landfall.ecs.service.ServiceLooks;
import dev.landfall.ecs.shift.TrafficLooks;
import dev.landfall.protocol.Message;
import dev.landfall.sim.Dice;
import dev.landfall.sim.Timeline;
import dev.landfall.sim.Violation;
import dev.landfall.sim.outside.Outside;
import dev.landfall.state.Decisions;
import dev.landfall.state.Image;
import dev.landfall.state.Journal.JournalException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * One life of the control plane: the product's decisions, its scheduler's looks and its agents' conversations, with
 * virtual time in place of their threads. It ends with a {@link Crash}, after which none of its steps does anything.
 */
final class Process {
    /** A thread that has something to do gets to it within this. */
    private static final Duration TURN = Duration.ofMillis(2);

    private final Timeline timeline;
    private final Dice dice;
    private final InlineDecisions inline;
    private final Decisions decisions;
    private final Ecs ecs;
    private final Runnable died;
    private final ServiceLooks looks;
    private final AlarmWatch alarms;
    private final ConnectedAgents agents;
    private final CapacityLooks capacityLooks;
    private final KeyedLooks services;
    private final KeyedLooks capacity;
    private final TargetLooks targetLooks;
    private final KeyedLooks targets;
    private final TrafficLooks trafficLooks;
    private final KeyedLooks traffic;
    private final ExpressLooks expressLooks;
    private final KeyedLooks express;
    private final Optional<Sender> sender;
    private final List<Session> sessions = new ArrayList<>();
    private long sequence;
    private boolean dead;

    Process(Timeline timeline, Dice dice, InlineDecisions inline, Outside outside, Runnable died) {
        this.timeline = timeline;
        this.dice = dice;
        this.inline = inline;
        this.decisions = outside.events().<Decisions>map(told -> new Outbox(inline)).orElse(inline);
        this.ecs = Ecs.operations(decisions, Surroundings.NONE.with(outside.gateways())
                .with(outside.certificates()));
        this.died = died;
        this.looks = new ServiceLooks(decisions);
        this.alarms = new AlarmWatch(decisions, outside.alarms());
        this.agents = new ConnectedAgents(decisions, work -> soon("thread", "", work));
        this.sequence = timeline.micros() + 1;
        var steps = new Steps() {
            @Override
            public Timeline.Planned in(Duration delay, String what, Object whom, Runnable work) {
                return Process.this.in(delay, what, whom, work);
            }

            @Override
            public void soon(String what, Object whom, Runnable work) {
                Process.this.soon(what, whom, work);
            }
        };
        this.services = new KeyedLooks(steps, looks::look, ServiceLooks.RETRY);
        this.capacityLooks = new CapacityLooks(decisions, outside.capacity());
        this.capacity = new KeyedLooks(steps, capacityLooks::look, CapacityLooks.RETRY);
        this.targetLooks = new TargetLooks(decisions, outside.gateways());
        this.targets = new KeyedLooks(steps, targetLooks::look, TargetLooks.RETRY);
        this.trafficLooks = new TrafficLooks(decisions, outside.gateways(), outside.balancers());
        this.traffic = new KeyedLooks(steps, trafficLooks::look, TargetLooks.RETRY);
        this.expressLooks = new ExpressLooks(decisions, outside.gateways(), outside.certificates());
        this.express = new KeyedLooks(steps, expressLooks::look, TargetLooks.RETRY);
        this.sender = outside.events().map(bridge -> new Sender(steps, new Untold(inline), bridge));
        decisions.follow(commit -> looks.concerned(commit).forEach(services::add));
        decisions.follow(commit -> capacityLooks.concerned(commit).forEach(capacity::add));
        decisions.follow(commit -> targetLooks.concerned(commit).forEach(targets::add));
        decisions.follow(commit -> trafficLooks.concerned(commit).forEach(traffic::add));
        decisions.follow(commit -> expressLooks.concerned(commit).forEach(express::add));
        sender.ifPresent(each -> decisions.follow(each::changed));
    }

    /** Where all that this process does is decided. */
    Decisions decisions() {
        return decisions;
    }

    /** The newest image of which every row is in the store. */
    Image durable() {
        return inline.durable();
    }

    Ecs ecs() {
        return ecs;
    }

    void start() {
        soon("full pass", "", this::pass);
        capacityLooks.all().forEach(capacity::add);
        in(ConnectedAgents.RETURN_GRACE, "missing agents", "", agents::noteMissing);
        soon("alarms", "", this::watchAlarms);
        soon("", "", this::passTargets);
        sender.ifPresent(Sender::start);
    }

    void die() {
        dead = true;
        inline.die();
        sessions.forEach(session -> session.link.cut());
    }

    /** Does a step of this process, which may be its last. */
    void guarded(Runnable work) {
        if (dead) {
            return;
        }
        try {
            work.run();
        } catch (Crash e) {
            died.run();
        } catch (JournalException e) {
            timeline.note("not durable", "");
        } catch (RuntimeException e) {
            throw new Violation("no faults", "a thread failed: " + e, e);
        }
    }

    private Timeline.Planned in(Duration delay, String what, Object whom, Runnable work) {
        return timeline.after(delay, what, whom, () -> guarded(work));
    }

    private void soon(String what, Object whom, Runnable work) {
        in(dice.between(Duration.ZERO, TURN), what, whom, work);
    }

    // ---- what the schedulers do with their threads and queues ----

    private void pass() {
        try {
            looks.all().forEach(services::add);
            looks.forget(() -> true);
        } finally {
            in(ServiceLooks.FULL_PASS, "full pass", "", this::pass);
        }
    }

    /** Of the shifts and Express services too: all these passes come as often. */
    private void passTargets() {
        targetLooks.all().forEach(targets::add);
        trafficLooks.all().forEach(traffic::add);
        expressLooks.all().forEach(express::add);
        in(TargetLooks.FULL_PASS, "", "", this::passTargets);
    }

    private void watchAlarms() {
        in(AlarmWatch.PERIOD, "", "", this::watchAlarms);
        alarms.pass();
    }

    // ---- agents: what AcsSession does with its thread and its socket ----

    void connect(String instanceArn, ServerLink link) {
        var session = new Session(instanceArn, link);
        sessions.add(session);
        link.served(session);
        guarded(session::opened);
    }

    private final Payloads payloads = new Payloads();

    private final class Session implements ConnectedAgents.Session, ServerLink.ServerEnd {
        private final String instanceArn;
        private final ServerLink link;
        private final AcsConversation conversation;
        private final LinkedHashSet<String> changed = new LinkedHashSet<>();
        private boolean sending;
        private boolean over;

        Session(String instanceArn, ServerLink link) {
            this.instanceArn = instanceArn;
            this.link = link;
            this.conversation = new AcsConversation(decisions, instanceArn, new AcsConversation.Numbers(
                    dice::id, () -> ++sequence, timeline::now, () -> timeline.micros() * 1_000), payloads);
        }

        @Override
        public String instanceArn() {
            return instanceArn;
        }

        void opened() {
            sending = true;
            try {
                agents.opened(this);
                soon("greeting", instanceArn, this::greet);
            } catch (JournalException e) {
                link.cut(); // as the server ends a connection whose handler failed
            }
        }

        private void greet() {
            var greeting = conversation.greeting();
            changed.addAll(greeting.taskArns());
            greeting.messages().forEach(link::toAgent);
            sendAll();
            in(AcsConversation.HEARTBEAT, "heartbeat", instanceArn, this::beat);
        }

        @Override
        public void offer(String taskArn) {
            changed.add(taskArn);
            if (!sending) {
                sending = true;
                soon("send", instanceArn, this::sendAll);
            }
        }

        private void sendAll() {
            sending = false;
            while (!changed.isEmpty() && !over) {
                var arns = new ArrayList<String>();
                Iterator<String> all = changed.iterator();
                while (all.hasNext() && arns.size() < AcsConversation.TASKS_PER_PAYLOAD) {
                    arns.add(all.next());
                    all.remove();
                }
                conversation.payload(arns).ifPresent(link::toAgent);
            }
        }

        @Override
        public void beat() {
            if (!over) {
                link.toAgent(conversation.heartbeat());
                conversation.lost().forEach(this::offer);
                in(AcsConversation.HEARTBEAT, "heartbeat", instanceArn, this::beat);
            }
        }

        @Override
        public void received(Message message) {
            guarded(() -> {
                try {
                    conversation.received(message).ifPresent(link::toAgent);
                } catch (JournalException e) {
                    link.cut(); // as the server ends a connection whose handler failed
                }
            });
        }

        @Override
        public void closed() {
            over = true;
            guarded(() -> agents.closed(this));
        }

        @Override
        public void end() {
            link.close();
        }
    }
}

package dev.landfall.sim.agent;

import dev.landfall.protocol.Message;
import dev.landfall.protocol.Message.ManifestTask;
import dev.landfall.protocol.TaskPayload;
import dev.landfall.sim.Dice;
import dev.landfall.sim.Timeline;
import dev.landfall.sim.agent.Program.Kind;
import dev.landfall.sim.agent.Saved.Phase;
import dev.landfall.sim.agent.Saved.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.RegisterContainerInstanceResponse;
import software.amazon.awssdk.services.ecs.model.SubmitTaskStateChangeResponse;

/**
 * One life of a machine's agent, as Landfall's agent behaves: it registers, keeps a control connection, saves what it
 * accepts before it acknowledges it, starts and stops containers, reports until each report is accepted, and after a
 * restart takes up what is on its disk with what the engine says. Between a change and its place on the disk it may
 * die, except where the real one waits for the disk.
 */
final class Agent implements Link.AgentEnd, Docker.Events {
    private static final Duration SAVED_WITHIN = Duration.ofMillis(30);
    private static final Duration PREPARED_FIRST = Duration.ofMillis(20);
    private static final Duration PREPARED_LAST = Duration.ofMillis(2_500);
    private static final Duration CONNECT_FIRST = Duration.ofMillis(250);
    private static final Duration CONNECT_LONGEST = Duration.ofSeconds(15);
    private static final Duration SILENCE = Duration.ofSeconds(60);
    private static final Duration LIFETIME = Duration.ofMinutes(30);
    private static final Duration LIFETIME_JITTER = Duration.ofMinutes(5);
    private static final Duration TELEMETRY = Duration.ofSeconds(20);
    private static final Duration SWEEP = Duration.ofMinutes(1);
    private static final Duration KEPT = Duration.ofMinutes(10);

    private final Machine machine;
    private final Timeline timeline;
    private final Dice dice;
    private final TreeMap<String, Saved> tasks = new TreeMap<>();
    private final TreeMap<String, Outbox> outboxes = new TreeMap<>();
    private Optional<Link> link = Optional.empty();
    private Duration delay = CONNECT_FIRST;
    private long newestSequence;
    private long heardMicros;
    private boolean dead;

    Agent(Machine machine, Timeline timeline, Dice dice) {
        this.machine = machine;
        this.timeline = timeline;
        this.dice = dice;
    }

    private void in(Duration after, String what, Runnable work) {
        timeline.after(after, what, machine.name(), () -> {
            if (!dead) {
                work.run();
            }
        });
    }

    // ---- beginning and end ----

    void start() {
        adopt();
        machine.docker().follow(this);
        in(TELEMETRY, "", this::telemetry);
        in(SWEEP, "", this::sweep);
        register();
    }

    void die() {
        dead = true;
        machine.docker().unfollow();
        link.ifPresent(Link::abandon);
        link = Optional.empty();
    }

    /** Whether it is connected and every report was accepted. */
    boolean atRest() {
        return link.filter(each -> !each.broken()).isPresent() && tasks.values().stream().allMatch(task ->
                task.reports().isEmpty() && task.phase() != Phase.PREPARING);
    }

    private void adopt() {
        machine.disk().tasks().forEach((arn, saved) -> {
            tasks.put(arn, saved);
            Optional<Docker.Facts> facts = machine.docker().inspect(arn);
            switch (saved.phase()) {
                case PREPARING -> {
                    if (facts.isEmpty()) {
                        prepare(arn);
                    } else {
                        change(saved.with(Phase.RUNNING));
                        report(arn, new Report("RUNNING", Optional.empty(), "", ""));
                        checkAlive(arn);
                    }
                }
                case RUNNING -> checkAlive(arn);
                case STOPPED -> { }
            }
            outbox(arn).wake();
        });
    }

    private void checkAlive(String arn) {
        if (machine.docker().inspect(arn).filter(Docker.Facts::running).isEmpty()) {
            exited(arn);
        } else if (tasks.get(arn).stopWanted()) {
            machine.docker().stop(arn);
        }
    }

    // ---- registration and connection ----

    private void register() {
        Optional<String> known = machine.disk().instanceArn();
        machine.network().request("register", ecs -> ecs.registerContainerInstance(machine.registration(known)),
                new Network.Outcome<>() {
                    @Override
                    public void answered(RegisterContainerInstanceResponse reply) {
                        if (!dead) {
                            machine.disk().instanceArn(reply.containerInstance().containerInstanceArn());
                            connect();
                        }
                    }

                    @Override
                    public void refused(EcsException why) {
                        if (!dead) {
                            machine.disk().forgetInstance();
                            registerLater();
                        }
                    }

                    @Override
                    public void failed() {
                        registerLater();
                    }
                });
    }

    private void registerLater() {
        in(nextDelay(), "register again", this::register);
    }

    private Duration nextDelay() {
        Duration next = delay;
        Duration grown = delay.multipliedBy(3).dividedBy(2);
        delay = grown.compareTo(CONNECT_LONGEST) < 0 ? grown : CONNECT_LONGEST;
        return dice.between(next.dividedBy(2), next);
    }

    private void connect() {
        machine.network().connect(machine.disk().instanceArn().orElseThrow(), this);
    }

    @Override
    public void opened(Link opened) {
        if (dead) {
            opened.abandon();
            return;
        }
        link = Optional.of(opened);
        delay = CONNECT_FIRST;
        newestSequence = 0;
        heardMicros = timeline.micros();
        outboxes.values().forEach(Outbox::wake);
        telemetryNow();
        watch(opened);
        in(dice.between(LIFETIME, LIFETIME.plus(LIFETIME_JITTER)), "connection is old", () -> leave(opened));
    }

    private void watch(Link watched) {
        Duration silence = dice.between(SILENCE, SILENCE.multipliedBy(2));
        in(silence, "", () -> {
            if (link.filter(each -> each == watched).isPresent()) {
                if (timeline.micros() - heardMicros >= silence.toNanos() / 1_000) {
                    leave(watched);
                } else {
                    watch(watched);
                }
            }
        });
    }

    private void leave(Link left) {
        if (link.filter(each -> each == left).isPresent()) {
            left.abandon();
            closed(left);
        }
    }

    @Override
    public void closed(Link closed) {
        if (!dead && link.filter(each -> each == closed).isPresent()) {
            link = Optional.empty();
            in(nextDelay(), "connect again", this::connect);
        }
    }

    @Override
    public void failed() {
        in(nextDelay(), "connect again", this::connect);
    }

    @Override
    public void inactive() {
        if (!dead) {
            register();
        }
    }

    // ---- what the control plane says ----

    @Override
    public void received(Link from, Message message) {
        if (dead || link.filter(each -> each == from).isEmpty()) {
            return;
        }
        heardMicros = timeline.micros();
        switch (message) {
            case Message.HeartbeatMessage heartbeat ->
                    from.toServer(new Message.HeartbeatAckRequest(heartbeat.messageId()));
            case Message.PayloadMessage payload -> {
                newestSequence = Math.max(newestSequence, payload.seqNum());
                accept(payload.tasks());
                from.toServer(new Message.AckRequest(
                        payload.clusterArn(), payload.containerInstanceArn(), payload.messageId()));
            }
            case Message.TaskManifestMessage manifest -> manifest(from, manifest);
            case Message.TaskStopVerificationAck verified -> verified.stopTasks().forEach(task ->
                    stop(task.taskArn()));
            case Message other -> throw new IllegalStateException("an agent is not sent " + other);
        }
    }

    private void manifest(Link from, Message.TaskManifestMessage manifest) {
        if (manifest.timeline() <= newestSequence) {
            return;
        }
        newestSequence = manifest.timeline();
        from.toServer(new Message.AckRequest(
                manifest.clusterArn(), manifest.containerInstanceArn(), manifest.messageId()));
        var surplus = new ArrayList<ManifestTask>();
        tasks.forEach((arn, task) -> {
            boolean listed = manifest.tasks().stream().anyMatch(each ->
                    each.taskArn().equals(arn) && "RUNNING".equals(each.desiredStatus()));
            if (!listed && !task.stopWanted() && task.phase() != Phase.STOPPED) {
                surplus.add(new ManifestTask(arn, task.payload().taskClusterArn(), "STOPPED"));
            }
        });
        if (!surplus.isEmpty()) {
            from.toServer(new Message.TaskStopVerificationMessage(manifest.messageId(), surplus));
        }
    }

    private void accept(List<TaskPayload> payloads) {
        for (TaskPayload payload : payloads) {
            if ("STOPPED".equals(payload.desiredStatus())) {
                stop(payload.arn());
            }
        }
        for (TaskPayload payload : payloads) {
            if (!"STOPPED".equals(payload.desiredStatus()) && !tasks.containsKey(payload.arn())) {
                Saved saved = Saved.accepted(payload);
                tasks.put(payload.arn(), saved);
                machine.disk().tasks().put(payload.arn(), saved);
                prepare(payload.arn());
            }
        }
    }

    private void stop(String arn) {
        Saved known = tasks.get(arn);
        if (known == null) { // it may have run here before the disk was lost: the control plane waits for an answer
            new Outbox(arn, List.of(), left -> { }).add(new Report("STOPPED", Optional.empty(), "",
                    "TaskStateError: Agent could not progress task's state to stopped"));
            return;
        }
        if (known.stopWanted() || known.phase() == Phase.STOPPED) {
            return;
        }
        change(known.stopping());
        if (known.phase() == Phase.RUNNING) {
            machine.docker().stop(arn);
        } else {
            ended(arn, new Report("STOPPED", Optional.empty(), "", ""));
        }
    }

    // ---- containers ----

    private void prepare(String arn) {
        in(dice.between(PREPARED_FIRST, PREPARED_LAST), "prepared", () -> prepared(arn));
    }

    private void prepared(String arn) {
        Saved task = tasks.get(arn);
        if (task == null || task.phase() != Phase.PREPARING || task.stopWanted()) {
            return;
        }
        if (task.program().kind() == Kind.NOPULL) {
            ended(arn, new Report("STOPPED", Optional.empty(), "CannotPullContainerError: no such image", ""));
            return;
        }
        machine.docker().start(arn, task.program(), task.checked());
        change(task.with(Phase.RUNNING));
        report(arn, new Report("RUNNING", Optional.empty(), "", ""));
    }

    @Override
    public void exited(String arn) {
        Saved task = tasks.get(arn);
        if (!dead && task != null && task.phase() == Phase.RUNNING) {
            ended(arn, new Report("STOPPED", machine.docker().inspect(arn).map(Docker.Facts::exitCode), "", ""));
        }
    }

    private void ended(String arn, Report report) {
        change(tasks.get(arn).ended(timeline.micros()));
        report(arn, report);
    }

    @Override
    public void healthChanged(String arn) {
        if (!dead) {
            telemetryNow();
        }
    }

    private void telemetry() {
        telemetryNow();
        in(TELEMETRY, "", this::telemetry);
    }

    private void telemetryNow() {
        var health = new ArrayList<Message.TaskHealth>();
        tasks.forEach((arn, task) -> {
            if (task.phase() == Phase.RUNNING && task.checked()) {
                machine.docker().inspect(arn).ifPresent(facts -> health.add(new Message.TaskHealth(
                        arn, task.payload().taskClusterArn(), task.payload().family(), task.payload().version(),
                        List.of(new Message.ContainerHealth(
                                task.payload().containers().getFirst().name(), facts.health(), 0, null)))));
            }
        });
        if (!health.isEmpty() && link.isPresent()) {
            machine.network().tell("health", plane -> plane.health(health));
        }
    }

    private void sweep() {
        tasks.values().removeIf(task -> {
            boolean forget = task.reports().isEmpty() && task.endedMicros()
                    .filter(at -> timeline.micros() - at >= KEPT.toNanos() / 1_000).isPresent();
            if (forget) {
                machine.disk().tasks().remove(task.arn());
                machine.docker().remove(task.arn());
                outboxes.remove(task.arn());
            }
            return forget;
        });
        in(SWEEP, "", this::sweep);
    }

    // ---- the disk and the reports ----

    /** In memory at once, on the disk a little later. */
    private void change(Saved next) {
        tasks.put(next.arn(), next);
        in(dice.between(Duration.ZERO, SAVED_WITHIN), "", () -> {
            if (tasks.get(next.arn()) == next) {
                machine.disk().tasks().put(next.arn(), next);
            }
        });
    }

    private Outbox outbox(String arn) {
        return outboxes.computeIfAbsent(arn, any -> new Outbox(arn, tasks.get(arn).reports(),
                left -> change(tasks.get(arn).with(left))));
    }

    private void report(String arn, Report report) {
        outbox(arn).add(report);
    }

    /** One task's reports on their way: sent in order, one at a time, each until it is accepted. */
    private final class Outbox {
        private static final Duration FIRST_DELAY = Duration.ofMillis(100);
        private static final Duration LONGEST_DELAY = Duration.ofSeconds(30);

        private final String arn;
        private final Consumer<List<Report>> changed;
        private final List<Report> waiting;
        private Duration delay = FIRST_DELAY;
        private Optional<Timeline.Planned> pause = Optional.empty();
        private boolean sending;

        Outbox(String arn, List<Report> waiting, Consumer<List<Report>> changed) {
            this.arn = arn;
            this.waiting = new ArrayList<>(waiting);
            this.changed = changed;
        }

        void add(Report report) {
            waiting.add(report);
            changed.accept(List.copyOf(waiting));
            wake();
        }

        /** Tries at once, without the delay after an earlier failure. */
        void wake() {
            pause.ifPresent(planned -> {
                planned.cancel();
                pause = Optional.empty();
                sending = false;
            });
            if (!sending && !waiting.isEmpty()) {
                sending = true;
                send();
            }
        }

        private void send() {
            Report report = waiting.getFirst();
            machine.network().request("report " + report.status(),
                    ecs -> ecs.submitTaskStateChange(machine.change(arn, Optional.ofNullable(tasks.get(arn)), report)),
                    new Network.Outcome<>() {
                        @Override
                        public void answered(SubmitTaskStateChangeResponse reply) {
                            left();
                        }

                        @Override
                        public void refused(EcsException why) {
                            left();
                        }

                        @Override
                        public void failed() {
                            again();
                        }
                    });
        }

        private void left() {
            if (dead) {
                return;
            }
            delay = FIRST_DELAY;
            waiting.removeFirst();
            changed.accept(List.copyOf(waiting));
            sending = false;
            wake();
        }

        private void again() {
            if (dead) {
                return;
            }
            Duration next = dice.between(delay.dividedBy(2), delay);
            delay = delay.multipliedBy(2).compareTo(LONGEST_DELAY) < 0 ? delay.multipliedBy(2) : LONGEST_DELAY;
            pause = Optional.of(timeline.after(next, "report again", machine.name(), () -> {
                pause = Optional.empty();
                if (!dead) {
                    send();
                }
            }));
        }
    }
}

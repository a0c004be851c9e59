package dev.landfall.sim.agent;

import dev.landfall.protocol.Message;
import dev.landfall.protocol.Message.ManifestTask;
import dev.landfall.protocol.TaskPayload;
import dev.landfall.protocol.TaskPayload.ContainerPayload;
import dev.landfall.protocol.TaskPayload.Dependency;
import dev.landfall.sim.Dice;
import dev.landfall.sim.Timeline;
import dev.landfall.sim.agent.Program.Kind;
import dev.landfall.sim.agent.Saved.ContainerReport;
import dev.landfall.sim.agent.Saved.Phase;
import dev.landfall.sim.agent.Saved.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
            switch (saved.phase()) {
                case PREPARING -> {
                    if (saved.containers().stream().allMatch(each -> facts(saved, each).isEmpty())) {
                        prepare(arn);
                    } else {
                        takeUp(arn);
                    }
                }
                case RUNNING -> takeUp(arn);
                case STOPPED -> { }
            }
            outbox(arn).wake();
        });
    }

    /** Goes on with a task whose containers were left alone for a while. */
    private void takeUp(String arn) {
        for (ContainerPayload container : tasks.get(arn).containers()) {
            if (facts(tasks.get(arn), container).filter(each -> !each.running()).isPresent()) {
                goOn(tasks.get(arn), container);
            }
        }
        Saved task = tasks.get(arn);
        boolean lives = !task.stopWanted() && task.containers().stream().allMatch(each ->
                !each.essential() || facts(task, each).filter(facts -> !facts.running()).isEmpty());
        if (!lives) {
            end(arn, "");
        } else if (task.phase() == Phase.RUNNING) {
            report(arn, reported("RUNNING", task, ""));
        } else {
            advance(arn);
        }
    }

    private Optional<Docker.Facts> facts(Saved task, ContainerPayload container) {
        return machine.docker().inspect(task.id(container));
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
            new Outbox(arn, List.of(), left -> { }).add(new Report("STOPPED", List.of(),
                    "TaskStateError: Agent could not progress task's state to stopped"));
            return;
        }
        if (known.stopWanted() || known.phase() == Phase.STOPPED) {
            return;
        }
        end(arn, "");
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
        Optional<ContainerPayload> missing = task.containers().stream()
                .filter(each -> Program.of(each.image()).kind() == Kind.NOPULL).findFirst();
        if (missing.isPresent()) {
            ended(arn, new Report("STOPPED", List.of(new ContainerReport(missing.get().name(), "STOPPED",
                    Optional.empty(), "CannotPullContainerError: no such image")), ""));
            return;
        }
        advance(arn);
    }

    /** Starts the containers whose dependencies allow it; the task runs once none is left. */
    private void advance(String arn) {
        Saved task = tasks.get(arn);
        boolean all = true;
        for (ContainerPayload container : task.containers()) {
            if (facts(task, container).isPresent()) {
                continue;
            }
            var dependencies = Objects.requireNonNullElse(container.dependsOn(), List.<Dependency>of());
            if (dependencies.stream().anyMatch(each -> never(task, each))) {
                end(arn, "CannotStartContainerError: dependency graph: container can never start");
                return;
            }
            if (dependencies.stream().allMatch(each -> met(task, each))) {
                machine.docker().start(task.id(container), Program.of(container.image()),
                        container.healthCheckType() != null);
            } else {
                all = false;
            }
        }
        if (all) {
            change(task.with(Phase.RUNNING));
            report(arn, reported("RUNNING", task, ""));
        }
    }

    private boolean met(Saved task, Dependency on) {
        Optional<Docker.Facts> facts = machine.docker().inspect(new Docker.Id(task.arn(), on.containerName()));
        return facts.filter(each -> switch (on.condition()) {
            case "START" -> true;
            case "COMPLETE" -> !each.running();
            case "SUCCESS" -> !each.running() && each.exitCode() == 0;
            case "HEALTHY" -> each.health().equals("HEALTHY");
            default -> throw new IllegalArgumentException("no such condition: " + on.condition());
        }).isPresent();
    }

    private boolean never(Saved task, Dependency on) {
        return on.condition().equals("SUCCESS")
                && machine.docker().inspect(new Docker.Id(task.arn(), on.containerName()))
                        .filter(each -> !each.running() && each.exitCode() != 0).isPresent();
    }

    /** The containers as they are now; those of a task that is over are all stopped. */
    private Report reported(String status, Saved task, String reason) {
        var containers = new ArrayList<ContainerReport>();
        for (ContainerPayload container : task.containers()) {
            Optional<Docker.Facts> facts = facts(task, container);
            boolean over = status.equals("STOPPED") || facts.filter(each -> !each.running()).isPresent();
            if (over || facts.isPresent()) {
                containers.add(new ContainerReport(container.name(), over ? "STOPPED" : "RUNNING",
                        facts.filter(each -> over).map(Docker.Facts::exitCode),
                        facts.isEmpty() && container.essential() ? reason : ""));
            }
        }
        return new Report(status, containers, "");
    }

    @Override
    public void exited(Docker.Id container) {
        Saved task = tasks.get(container.taskArn());
        if (dead || task == null || task.phase() == Phase.STOPPED) {
            return;
        }
        ContainerPayload ended = task.container(container.name());
        if (goOn(task, ended)) {
            return;
        }
        if (task.stopWanted() || ended.essential()) {
            end(task.arn(), "");
        } else if (task.phase() == Phase.RUNNING) {
            report(task.arn(), reported("RUNNING", task, ""));
        } else {
            advance(task.arn());
        }
    }

    /** Starts a container again that has ended by itself, if its restart policy wants it; else it is over. */
    private boolean goOn(Saved task, ContainerPayload ended) {
        boolean restarts = !task.stopWanted() && !task.over().contains(ended.name())
                && machine.restarting().restarts(ended, facts(task, ended).orElseThrow());
        if (restarts) {
            if (machine.restarting() == Restarting.TELLING) {
                report(task.arn(), reported("RUNNING", task, ""));
            }
            machine.docker().restart(task.id(ended));
        } else if (ended.restartPolicy() != null && !task.over().contains(ended.name())) { // nor is it later
            change(task.without(ended.name()));
        }
        return restarts;
    }

    /** Stops what runs of the task; it is over when nothing does. */
    private void end(String arn, String reason) {
        Saved task = tasks.get(arn).stopping();
        var running = task.containers().stream()
                .filter(each -> facts(task, each).filter(Docker.Facts::running).isPresent()).toList();
        if (running.isEmpty()) {
            ended(arn, reported("STOPPED", task, reason));
            return;
        }
        boolean news = !tasks.get(arn).stopWanted() && task.phase() == Phase.RUNNING
                && running.size() < task.containers().size();
        change(task);
        if (news) {
            report(arn, reported("RUNNING", task, ""));
        }
        running.forEach(each -> machine.docker().stop(task.id(each)));
    }

    private void ended(String arn, Report report) {
        change(tasks.get(arn).ended(timeline.micros()));
        report(arn, report);
    }

    @Override
    public void healthChanged(String arn) {
        if (!dead) {
            Saved task = tasks.get(arn);
            if (task != null && task.phase() == Phase.PREPARING && !task.stopWanted()) {
                advance(arn);
            }
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
            var containers = new ArrayList<Message.ContainerHealth>();
            for (ContainerPayload container : task.containers()) {
                facts(task, container).filter(facts -> container.healthCheckType() != null).ifPresent(facts ->
                        containers.add(new Message.ContainerHealth(container.name(), facts.health(), 0, null)));
            }
            if (task.phase() == Phase.RUNNING && !containers.isEmpty()) {
                health.add(new Message.TaskHealth(arn, task.payload().taskClusterArn(), task.payload().family(),
                        task.payload().version(), containers));
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
                task.containers().forEach(each -> machine.docker().remove(task.id(each)));
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

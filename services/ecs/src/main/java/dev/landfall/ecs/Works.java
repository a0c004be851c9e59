package dev.landfall.ecs;

import dev.landfall.ecs.agents.AgentSessions;
import dev.landfall.ecs.balance.TargetScheduler;
import dev.landfall.ecs.capacity.CapacityScheduler;
import dev.landfall.ecs.deployment.AlarmPoller;
import dev.landfall.ecs.deployment.AlarmWatch;
import dev.landfall.ecs.event.EventSender;
import dev.landfall.ecs.express.ExpressScheduler;
import dev.landfall.ecs.service.ServiceScheduler;
import dev.landfall.ecs.shift.ShiftScheduler;
import dev.landfall.state.Decisions;
import dev.landfall.wire.SocketEndpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * What works by itself, with its threads.
 *
 * @param sockets where agents connect to
 * @param closing ends it, in that order
 */
record Works(List<SocketEndpoint> sockets, List<Runnable> closing) {
    /**
     * @param given the writer as it was handed in
     * @param writer the same, noting what is to be told of, where somebody is told
     */
    static Works begun(Decisions given, Decisions writer, Surroundings around) {
        Supplier<Background> background = () -> new Background(around.beginning());
        var agents = new AgentSessions(writer);
        var scheduler = new ServiceScheduler(writer, background.get());
        var alarms = new AlarmPoller(new AlarmWatch(writer, around.alarms()), background.get());
        var capacity = new CapacityScheduler(writer, around.capacity(), background.get());
        var targets = new TargetScheduler(writer, around.balancers(), around.classicBalancers(), around.propagation(),
                background.get());
        var shifts = new ShiftScheduler(
                writer, around.balancers(), around.propagation(), around.hooks(), background.get());
        var closing = new ArrayList<Runnable>(List.of(
                shifts::close, targets::close, capacity::close, alarms::close, scheduler::close, agents::close));
        around.certificates().ifPresent(acm ->
                closing.addFirst(new ExpressScheduler(writer, around.balancers(), acm, background.get())::close));
        around.events().ifPresent(told -> closing.add(new EventSender(given, told, background.get())::close));
        return new Works(agents.endpoints(), List.copyOf(closing));
    }
}

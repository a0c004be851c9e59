package dev.landfall.edge.http;

import dev.landfall.edge.log.AccessLog;
import dev.landfall.edge.metric.Counter;
import dev.landfall.edge.metric.Series;
import dev.landfall.edge.net.ByteSink;
import dev.landfall.edge.route.Route;
import dev.landfall.edge.route.RouteAction;
import dev.landfall.edge.route.Routes;
import dev.landfall.edge.target.Group;
import dev.landfall.edge.target.GroupSettings;
import dev.landfall.edge.target.Member;
import dev.landfall.protocol.edge.TargetGroup;
import io.netty.buffer.ByteBuf;

/**
 * One request and its response. Decides what the request gets, finds a target, and passes both bodies on with
 * back-pressure; every fault of either side ends here and becomes ALB's answer. Of one event loop.
 */
final class Exchange {
    /** What went wrong at the target, and ALB's status for it. */
    enum Fault {
        REFUSED(502), CONNECT_TIMEOUT(504), CLOSED(502), MALFORMED(502), TLS(502), GONE(502), SILENT(504);

        private final int status;

        Fault(int status) {
            this.status = status;
        }
    }

    /** Attempts for a request whose reused connections all turn out closed; then the fault is the target's. */
    private static final int MAX_ATTEMPTS = 4;
    /** AWS: X-Forwarded-For with more than 30 addresses is answered with 463. */
    private static final int MAX_FORWARDED = 30;

    private final Front front;
    private final Routes routes;
    private final Head request;
    private final Framing requestFraming;
    private final ExchangeLog log = new ExchangeLog();
    private int routeIndex = -1;
    private Group group;
    private Member member;
    private Series series;
    private Back back;
    private Stickiness stickiness = Stickiness.NONE;
    private int attempts;
    private boolean requestEnded;
    private boolean responseStarted;
    private boolean over;
    private boolean closesFront;
    private boolean closesBack;

    Exchange(Front front, Routes routes, Head request, Framing requestFraming) {
        this.front = front;
        this.routes = routes;
        this.request = request;
        this.requestFraming = requestFraming;
        log.receivedNanos = System.nanoTime();
        requestEnded = requestFraming == Framing.NONE;
        if (routes.settings().desyncMode().closesAfter(request.desync.level())) {
            closesFront = true;
            closesBack = true;
        }
    }

    Front front() {
        return front;
    }

    Routes routes() {
        return routes;
    }

    Head request() {
        return request;
    }

    Framing requestFraming() {
        return requestFraming;
    }

    Route route() {
        return routes.routes()[routeIndex];
    }

    boolean closesFront() {
        return closesFront;
    }

    boolean closesBack() {
        return closesBack;
    }

    boolean requestEnded() {
        return requestEnded;
    }

    boolean responseStarted() {
        return responseStarted;
    }

    boolean over() {
        return over;
    }

    boolean logged() {
        return routes.settings().accessLog();
    }

    void trace(String trace) {
        log.trace = trace;
    }

    byte[] clientText() {
        return front.peer().text();
    }

    boolean upgrades() {
        return request.upgrades && request.version == 11 && request.find(Field.UPGRADE) >= 0
                && requestFraming == Framing.NONE;
    }

    boolean grpc() {
        return group.settings().version() == TargetGroup.ProtocolVersion.GRPC;
    }

    /** Whether request bodies can be passed on now. */
    boolean takesBody() {
        return back != null;
    }

    // ---- the request ----

    /** Decides what the request gets. The head is complete and has been judged. */
    void start() {
        routes.meter().total().add(front.loop(), Counter.REQUESTS, 1);
        if (request.desync != Desync.COMPLIANT) {
            routes.meter().total().add(front.loop(), Counter.DESYNC, 1);
        }
        if (routes.settings().dropsInvalidHeaders() && InvalidHeaders.drop(request)) {
            routes.meter().total().add(front.loop(), Counter.DROPPED_INVALID_HEADERS, 1);
        }
        if (request.methodIs("TRACE")) {
            answer(Answer.fatal(405));
            return;
        }
        if (InvalidHeaders.forwardedAddresses(request) > MAX_FORWARDED) {
            answer(Answer.fatal(463));
            return;
        }
        routeIndex = routes.match(request, front.client().getAddress().getAddress());
        switch (route().action()) {
            case RouteAction.Forward forward -> forward(forward);
            case RouteAction.Redirect(var target) -> {
                log.redirect = target.location(request, routes.listener().protocol().name(),
                        routes.listener().port());
                log.action = "redirect";
                count(Counter.REDIRECTS);
                answer(Answer.redirect(target.status(), log.redirect));
            }
            case RouteAction.Fixed(var status, var type, var body) -> {
                log.action = "fixed-response";
                count(Counter.FIXED_RESPONSES);
                answer(Answer.fixed(status, type, body));
            }
        }
    }

    private void forward(RouteAction.Forward forward) {
        log.action = "forward";
        stickiness = Stickiness.of(request, forward);
        group = stickiness.group(forward, front.loop());
        if (group == null) {
            answer(Answer.error(503));
            return;
        }
        series = routes.meter().of(group.arn());
        if (!Protocols.compatible(front.protocol(), group.settings().version(), request)) {
            answer(Answer.fatal(464));
            return;
        }
        connect();
    }

    private void connect() {
        attempts++;
        member = stickiness.member(group);
        if (member == null) {
            member = group.choose(front.loop(), front.zone(), routes.crossZone());
        }
        if (member == null) {
            answer(Answer.error(503));
            return;
        }
        member.started();
        Pool.of(member, front.loop()).acquire(this);
    }

    Member member() {
        return member;
    }

    GroupSettings groupSettings() {
        return group.settings();
    }

    /** There is a connection. */
    void connected(Back back) {
        if (over) {
            back.abort();
            return;
        }
        this.back = back;
        log.sentNanos = System.nanoTime();
        back.send(this);
        if (requestFraming == Framing.NONE) {
            back.flush();
        } else {
            front.resume();         // and it flushes: the body may go out with the head
        }
    }

    void requestBody(ByteBuf piece) {
        if (back == null) {
            piece.release();
            return;
        }
        back.body(piece);
        if (!back.writable()) {
            front.pause();
        }
    }

    void requestEnd(Head trailers) {
        requestEnded = true;
        if (back != null) {
            back.end(trailers);
        }
    }

    void flushBack() {
        if (back != null) {
            back.flush();
        }
    }

    /** The body of the request is not what its framing said. */
    void requestMalformed() {
        if (responseStarted && !over) {
            breakOff();
        } else if (!over) {
            fail(Answer.fatal(400));
        }
    }

    /** The client is gone. */
    void clientGone() {
        if (over) {
            return;
        }
        log.clientGone = !responseStarted;
        end();
        abortBack();
    }

    /** Nothing came for as long as the load balancer waits: whose fault it is says the answer. */
    void idle() {
        if (over) {
            return;
        }
        if (responseStarted) {
            breakOff();
        } else if (!requestEnded) {
            fail(Answer.fatal(408));
        } else {
            fail(answerOf(Fault.SILENT));
        }
    }

    // ---- the response ----

    void interim(Head head) {
        front.interim(head);
    }

    void responseHead(Head head, Framing framing) {
        responseStarted = true;
        log.firstByteNanos = System.nanoTime();
        log.targetStatus = head.status;
        log.status = head.status;
        if (!requestEnded && head.closes) {
            closesFront = true;     // the target has heard enough: the rest of the request goes nowhere
        }
        series.add(front.loop(), switch (head.status / 100) {
            case 2, 1 -> Counter.TARGET_2XX;
            case 3 -> Counter.TARGET_3XX;
            case 4 -> Counter.TARGET_4XX;
            default -> Counter.TARGET_5XX;
        }, 1);
        series.time(front.loop(), log.firstByteNanos - log.sentNanos);
        front.head(head, framing);
    }

    void responseBody(ByteBuf piece) {
        if (over) {
            piece.release();
            return;
        }
        front.body(piece);
        if (!front.writable() && back != null) {
            back.pause();
        }
    }

    void responseEnd(Head trailers) {
        if (over) {
            return;
        }
        back = null;
        if (!requestEnded) {
            closesFront = true;     // the rest of the request would be read as the next one
        }
        front.end(trailers);
        end();
        front.done();
    }

    /** The client takes more. */
    void frontWritable() {
        if (back != null) {
            back.resume();
        }
    }

    /** The target takes more. */
    void backWritable() {
        if (!over) {
            front.resume();
        }
    }

    /** The connection to the target did not come about, or ended before the response did. */
    void failed(Fault fault) {
        if (over) {
            return;
        }
        boolean reused = back != null && back.reused();
        back = null;
        if (fault == Fault.REFUSED || fault == Fault.CONNECT_TIMEOUT) {
            count(Counter.TARGET_CONNECTION_ERRORS);
        } else if (fault == Fault.TLS) {
            count(Counter.TARGET_TLS_ERRORS);
        }
        if (responseStarted) {
            breakOff();
        } else if (fault == Fault.CLOSED && reused && attempts < MAX_ATTEMPTS && requestFraming == Framing.NONE
                && request.idempotent()) {
            member.ended();         // the target had closed the connection before it could have seen the request
            connect();
        } else {
            log.failed = true;
            fail(answerOf(fault));
        }
    }

    private static Answer answerOf(Fault fault) {
        return Answer.error(fault.status);
    }

    private void fail(Answer answer) {
        abortBack();
        answer(requestEnded ? answer : answer.closing());
    }

    /** A response that has begun cannot become an error; the client must see that it is not complete. */
    private void breakOff() {
        closesFront = true;
        abortBack();
        end();
        front.abort();
    }

    private void abortBack() {
        Back aborted = back;
        back = null;
        if (aborted != null) {
            aborted.abort();
        }
    }

    private void answer(Answer answer) {
        int status = answer.status();
        log.status = status;
        Answer sent = closesFront || !requestEnded ? answer.closing() : answer;
        closesFront |= sent.closes();
        if (log.action.isEmpty() || log.action.equals("forward")) {
            count(status >= 500 ? Counter.ELB_5XX : Counter.ELB_4XX);
            switch (status) {
                case 500 -> count(Counter.ELB_500);
                case 502 -> count(Counter.ELB_502);
                case 503 -> count(Counter.ELB_503);
                case 504 -> count(Counter.ELB_504);
                default -> { }
            }
        } else if (status / 100 == 3) {
            count(Counter.ELB_3XX);
        }
        front.answer(sent);
        end();
        front.done();
    }

    /** An answer to what never became a request: it is malformed or did not arrive. */
    void refuse(Answer answer) {
        requestEnded = true;
        closesFront = true;
        log.refused = true;
        answer(answer);
    }

    private void count(Counter counter) {
        routes.meter().total().add(front.loop(), counter, 1);
        if (series != null) {
            series.add(front.loop(), counter, 1);
        }
    }

    /** Counts and logs; once. */
    private void end() {
        over = true;
        if (member != null) {
            member.ended();
        }
        if (series != null) {
            series.add(front.loop(), Counter.REQUESTS_PER_TARGET, 1);
            series.add(front.loop(), Counter.REQUESTS, 1);
            if (grpc()) {
                routes.meter().total().add(front.loop(), Counter.GRPC_REQUESTS, 1);
            }
        }
        if (log.clientGone) {
            log.status = 460;
            count(Counter.ELB_4XX);
        }
        if (logged()) {
            AccessLog.of(routes, front.loop()).add(sink -> LogLine.write(sink, this, log));
        }
    }

    String groupArn() {
        return group == null ? "-" : group.arn();
    }

    int routeIndex() {
        return routeIndex;
    }

    boolean hasMember() {
        return member != null;
    }

    /** The cookies that keep the client at its target. */
    void cookies(ByteSink sink, Head response) {
        if (member != null) {
            stickiness.write(sink, group, member, response);
        }
    }
}

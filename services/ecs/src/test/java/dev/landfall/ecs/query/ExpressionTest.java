package dev.landfall.ecs.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.ecs.query.Expression.And;
import dev.landfall.ecs.query.Expression.Comparison;
import dev.landfall.ecs.query.Expression.Matching;
import dev.landfall.ecs.query.Expression.Not;
import dev.landfall.ecs.query.Expression.Or;
import dev.landfall.ecs.query.ExpressionParser.Invalid;
import dev.landfall.ecs.query.ExpressionParser.Valid;
import dev.landfall.ecs.query.Subject.Attribute;
import dev.landfall.ecs.query.Subject.Field;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTest {
    private static final Attributes INSTANCE = new Attributes(
            Map.of("ecs.instance-type", "g2.2xlarge", "ecs.availability-zone", "us-east-1a", "stack", "prod",
                    "disks", "12", "flag", ""),
            true, Optional.of("1.14.4"), "i-abcd1234", Instant.parse("2018-02-12T23:59:59.500Z"), 1,
            List.of("service:production", "database"));

    /** An instance as a test makes it up. */
    private record Attributes(Map<String, String> attributes, boolean agentConnected, Optional<String> agentVersion,
            String ec2InstanceId, Instant registeredAt, int runningTasksCount, Collection<String> taskGroups)
            implements Facts {
        @Override
        public Optional<String> attribute(String name) {
            return Optional.ofNullable(attributes.get(name));
        }
    }

    /** The examples of the Developer Guide's page, and what follows from its tables. */
    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
            attribute:ecs.instance-type == g2.2xlarge # true
            attribute:ecs.instance-type == t2.small # false
            attribute:ecs.availability-zone in [us-east-1a, us-east-1b] # true
            attribute:ecs.availability-zone not_in [us-east-1a, us-east-1b] # false
            attribute:ecs.availability-zone !in[us-east-1b] # true
            attribute:ecs.instance-type =~ g2.* and attribute:ecs.availability-zone != us-east-1d # true
            task:group == service:production # true
            task:group == database # true
            not(task:group == database) # false
            not(task:group == web) # true
            task:group != database # false
            task:group != web # true
            task:group exists # true
            runningTasksCount == 1 # true
            runningTasksCount >= 2 # false
            agentVersion < 1.14.5 # true
            agentVersion less_than 1.2 # false
            agentVersion == 1.14.4.0 # true
            registeredAt < 2018-02-13 # true
            registeredAt > 2018-02-12T23:59:58 # true
            registeredAt == 2018-02-12T23:59:59Z # true
            registeredAt <= 2018-02-13T01:59:58+02:00 # false
            ec2InstanceId in ['i-abcd1234', 'i-wxyx7890'] # true
            ec2InstanceId matches i-[a-f]{4}.* # true
            agentConnected == true # true
            agentConnected equals false # false
            attribute:stack==prod # true
            attribute:stack=='prod' # true
            attribute:stack not_equals prod # false
            attribute:stack != test # true
            attribute:other != prod # false
            attribute:other not_in [prod] # false
            attribute:other !~ p.* # false
            attribute:other !exists # true
            attribute:stack not_exists # false
            attribute:flag exists # true
            attribute:flag == '' # true
            attribute:disks > 9 # true
            attribute:disks greater_than_equal 12.0 # true
            attribute:stack > alpha # true
            attribute:stack =~ "(prod|test)" # true
            attribute:stack =~ pro # false
            attribute:stack !~ t.* # true
            (attribute:stack == test || agentConnected == true) && runningTasksCount < 2 # true
            attribute:stack == prod or agentConnected == true and runningTasksCount > 5 # true
            (attribute:stack == prod or agentConnected == true) and runningTasksCount > 5 # false
            !attribute:stack == test # true
            ! (attribute:stack == test) # true
            not not attribute:stack exists # true
            """)
    void selectsAsTheGuideSays(String expression, boolean selected) {
        assertThat(ExpressionParser.accepted(expression).selects(INSTANCE)).isEqualTo(selected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "attribute:stack", "attribute: == x", "attribute:a*b == x", "stack == prod",
            "attribute:stack === prod", "attribute:stack = prod", "attribute:stack == ", "attribute:stack in prod",
            "attribute:stack in []", "attribute:stack in [a", "attribute:stack == a b", "attribute:stack == 'a",
            "(attribute:stack == a", "attribute:stack == a)", "attribute:stack == a and",
            "attribute:stack == f(x)", "attribute:stack =~ '('", "attribute:stack =~ '(a)\\1'",
            "attribute:stack =~ '(?=a)'", "attribute:stack =~ '(a{1000}){1000}'", "runningTasksCount == one",
            "runningTasksCount =~ 1", "registeredAt == yesterday", "registeredAt exists", "agentVersion == latest",
            "agentVersion in [1.0]", "agentConnected > false", "ec2InstanceId < i-1", "task:group > a",
            "pendingTasksCount == 1", "not", "attribute:a exists attribute:b exists", "and", "\u0000"})
    void refusesWhatIsNoExpression(String text) {
        assertThat(ExpressionParser.parse(text)).isInstanceOfSatisfying(Invalid.class,
                invalid -> assertThat(invalid.reason()).isNotBlank());
    }

    @Test
    void depthAndLengthAreBounded() {
        assertThat(ExpressionParser.parse("(".repeat(1_999))).isInstanceOf(Invalid.class);
        assertThat(ExpressionParser.parse("!".repeat(1_999))).isInstanceOf(Invalid.class);
        assertThat(ExpressionParser.parse("(".repeat(40) + "attribute:a exists" + ")".repeat(40)))
                .isInstanceOf(Valid.class);
        assertThat(ExpressionParser.parse("attribute:a == " + "b".repeat(2_000))).isInstanceOf(Invalid.class);
        String many = "attribute:a exists" + " or attribute:a exists".repeat(90);
        assertThat(ExpressionParser.parse(many)).isInstanceOf(Valid.class);
    }

    @Test
    void knowsWhatDependsOnTasks() {
        assertThat(ExpressionParser.accepted("not(attribute:a exists or task:group == x)").asksForTasks()).isTrue();
        assertThat(ExpressionParser.accepted("runningTasksCount < 3 and attribute:a exists").asksForTasks()).isTrue();
        assertThat(ExpressionParser.accepted("agentVersion < 3 and attribute:a =~ b").asksForTasks()).isFalse();
    }

    @Property(tries = 2_000)
    void whatIsPrintedReadsBackAsTheSame(@ForAll Random random) {
        Expression expression = expression(random, 4);
        assertThat(ExpressionParser.parse(expression.toString())).isEqualTo(new Valid(expression));
    }

    /** Also in other words: aliases, without needless parentheses, with as little space as may be. */
    @Property(tries = 2_000)
    void selectsAsTheOracleDoes(@ForAll Random random) {
        Expression expression = expression(random, 4);
        var facts = new Attributes(attributes(random), random.nextBoolean(),
                random.nextInt(4) == 0 ? Optional.empty() : Optional.of("1." + random.nextInt(4)),
                "i-" + random.nextInt(3), Instant.parse("2018-06-1" + random.nextInt(3) + "T00:00:00Z"),
                random.nextInt(4), List.of("g" + random.nextInt(3), "g" + random.nextInt(3)).subList(0,
                        random.nextInt(3)));
        assertThat(ExpressionParser.accepted(loosely(expression, random)).selects(facts))
                .as(() -> loosely(expression, new Random(0)) + " for " + facts).isEqualTo(oracle(expression, facts));
    }

    private static Map<String, String> attributes(Random random) {
        var attributes = new TreeMap<String, String>();
        for (String name : List.of("a", "b.c", "x/y")) {
            if (random.nextBoolean()) {
                attributes.put(name, value(random));
            }
        }
        return attributes;
    }

    private static String value(Random random) {
        return List.of("", "a", "ab", "7", "12", "a b", "us-east-1a", "A:1@x").get(random.nextInt(8));
    }

    private static Expression expression(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 1 : 4)) {
            case 1 -> new And(expression(random, depth - 1), expression(random, depth - 1));
            case 2 -> new Or(expression(random, depth - 1), expression(random, depth - 1));
            case 3 -> new Not(expression(random, depth - 1));
            default -> single(random);
        };
    }

    private static Expression single(Random random) {
        Subject subject = random.nextBoolean()
                ? new Attribute(List.of("a", "b.c", "x/y", "none").get(random.nextInt(4)))
                : Field.values()[random.nextInt(Field.values().length)];
        List<Operator> operators = List.of(Operator.values()).stream().filter(subject::takes).toList();
        Operator operator = operators.get(random.nextInt(operators.size()));
        return switch (operator) {
            case EXISTS, NOT_EXISTS -> new Comparison(subject, operator, List.of());
            case IN, NOT_IN -> new Comparison(subject, operator, random.ints(1 + random.nextInt(3), 0, 9)
                    .mapToObj(any -> argument(subject, random)).toList());
            case MATCHES, NOT_MATCHES -> new Matching(subject, operator, regex(
                    List.of("a.*", "[a-z]+", "(a|g1|i-[01])", "\\d+", "(tr|fals)e", ".*").get(random.nextInt(6))));
            default -> new Comparison(subject, operator, List.of(argument(subject, random)));
        };
    }

    private static Regex regex(String pattern) {
        return ((Regex.Compiled) Regex.parse(pattern)).regex();
    }

    private static String argument(Subject subject, Random random) {
        return switch (subject) {
            case Attribute any -> value(random);
            case Field.AGENT_CONNECTED -> String.valueOf(random.nextBoolean());
            case Field.AGENT_VERSION -> "1." + random.nextInt(4);
            case Field.EC2_INSTANCE_ID -> "i-" + random.nextInt(3);
            case Field.REGISTERED_AT -> "2018-06-1" + random.nextInt(3);
            case Field.RUNNING_TASKS_COUNT -> String.valueOf(random.nextInt(4));
            case Field.TASK_GROUP -> "g" + random.nextInt(3);
        };
    }

    private static String loosely(Expression expression, Random random) {
        return switch (expression) {
            case And(var left, var right) -> '(' + loosely(left, random) + ')' + (random.nextBoolean() ? "&&" : "and ")
                    + '(' + loosely(right, random) + ')';
            case Or(var left, var right) -> loosely(left, random) + (random.nextBoolean() ? " || " : "\tor\n")
                    + loosely(right, random);
            case Not(var inner) -> (random.nextBoolean() ? "!" : "not ") + '(' + loosely(inner, random) + ')';
            case Comparison(var subject, var operator, var arguments) -> subject + " " + spelled(operator, random)
                    + switch (operator) {
                        case EXISTS, NOT_EXISTS -> " ";
                        case IN, NOT_IN -> arguments.stream().map(each -> quoted(each, random))
                                .collect(Collectors.joining(",", "[", "]"));
                        default -> " " + quoted(arguments.getFirst(), random);
                    };
            case Matching(var subject, var operator, var pattern) ->
                    subject + " " + spelled(operator, random) + " \"" + pattern + '"';
        };
    }

    private static String spelled(Operator operator, Random random) {
        return operator.spellings().get(random.nextInt(operator.spellings().size()));
    }

    private static String quoted(String argument, Random random) {
        boolean bare = !argument.isEmpty() && argument.indexOf(' ') < 0;
        return bare && random.nextBoolean() ? argument : random.nextBoolean() ? "'" + argument + "'"
                : '"' + argument + '"';
    }

    /** The same meaning by other means: every subject is a list of texts that is compared one by one. */
    private static boolean oracle(Expression expression, Facts facts) {
        return switch (expression) {
            case And(var left, var right) -> oracle(left, facts) & oracle(right, facts);
            case Or(var left, var right) -> oracle(left, facts) | oracle(right, facts);
            case Not(var inner) -> !oracle(inner, facts);
            case Matching(var subject, var operator, var pattern) -> {
                var values = values(subject, facts);
                var compiled = Pattern.compile(pattern.pattern());
                boolean any = values.stream().anyMatch(value -> compiled.matcher(value).matches());
                yield operator == Operator.MATCHES ? any : present(subject, values) && !any;
            }
            case Comparison(var subject, var operator, var arguments) -> {
                var values = values(subject, facts);
                yield switch (operator) {
                    case EXISTS -> !values.isEmpty();
                    case NOT_EXISTS -> values.isEmpty();
                    case EQUALS, IN -> values.stream().anyMatch(arguments::contains);
                    case NOT_EQUALS, NOT_IN -> present(subject, values)
                            && values.stream().noneMatch(arguments::contains);
                    default -> values.stream().anyMatch(value -> order(value, operator, arguments.getFirst()));
                };
            }
        };
    }

    private static boolean present(Subject subject, Collection<String> values) {
        return subject == Field.TASK_GROUP || !values.isEmpty();
    }

    private static boolean order(String value, Operator operator, String argument) {
        boolean numbers = value.matches("\\d+") && argument.matches("\\d+");
        int sign = numbers ? Integer.compare(Integer.parseInt(value), Integer.parseInt(argument))
                : value.compareTo(argument);
        String relation = operator.toString();
        return relation.endsWith("=") && sign == 0 || relation.startsWith(">") && sign > 0
                || relation.startsWith("<") && sign < 0;
    }

    private static Collection<String> values(Subject subject, Facts facts) {
        return switch (subject) {
            case Attribute(var name) -> facts.attribute(name).stream().toList();
            case Field.AGENT_CONNECTED -> List.of(facts.agentConnected() ? "true" : "false");
            case Field.AGENT_VERSION -> facts.agentVersion().stream().toList();
            case Field.EC2_INSTANCE_ID -> List.of(facts.ec2InstanceId());
            case Field.REGISTERED_AT -> List.of(facts.registeredAt().toString().substring(0, 10));
            case Field.RUNNING_TASKS_COUNT -> List.of(String.valueOf(facts.runningTasksCount()));
            case Field.TASK_GROUP -> facts.taskGroups();
        };
    }
}

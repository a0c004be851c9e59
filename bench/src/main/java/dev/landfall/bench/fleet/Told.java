package dev.landfall.bench.fleet;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a simulated agent takes from a frame: it passes over what it would need to run containers, as that is none of
 * the control plane's work, on whose machine it runs.
 *
 * @param type of the message
 * @param tasks of a payload
 */
record Told(String type, String messageId, String clusterArn, List<Task> tasks) {
    private static final JsonFactory JSON = new JsonFactory();

    record Task(String arn, String clusterArn, String desiredStatus, List<String> containers) {}

    static Told read(String frame) {
        try (JsonParser parser = JSON.createParser(frame)) {
            parser.nextToken();
            return told(parser);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Told told(JsonParser parser) throws IOException {
        String type = "";
        String messageId = "";
        String clusterArn = "";
        List<Task> tasks = List.of();
        int open = 1; // the frame, and the message in it
        while (open > 0) {
            if (parser.nextToken() == JsonToken.END_OBJECT) {
                open--;
                continue;
            }
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (name) {
                case "type" -> type = parser.getText();
                case "message" -> open++;
                case "messageId" -> messageId = parser.getText();
                case "clusterArn" -> clusterArn = parser.getText();
                case "tasks" -> tasks = tasks(parser);
                default -> skip(parser, value);
            }
        }
        return new Told(type, messageId, clusterArn, tasks);
    }

    private static List<Task> tasks(JsonParser parser) throws IOException {
        var tasks = new ArrayList<Task>();
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            String arn = "";
            String clusterArn = "";
            String desired = "";
            List<String> containers = List.of();
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                JsonToken value = parser.nextToken();
                switch (name) {
                    case "arn" -> arn = parser.getText();
                    case "taskClusterArn" -> clusterArn = parser.getText();
                    case "desiredStatus" -> desired = parser.getText();
                    case "containers" -> containers = names(parser);
                    default -> skip(parser, value);
                }
            }
            tasks.add(new Task(arn, clusterArn, desired, containers));
        }
        return tasks;
    }

    private static List<String> names(JsonParser parser) throws IOException {
        var names = new ArrayList<String>();
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                JsonToken value = parser.nextToken();
                if (name.equals("name")) {
                    names.add(parser.getText());
                } else {
                    skip(parser, value);
                }
            }
        }
        return names;
    }

    private static void skip(JsonParser parser, JsonToken value) throws IOException {
        if (value.isStructStart()) {
            parser.skipChildren();
        }
    }
}

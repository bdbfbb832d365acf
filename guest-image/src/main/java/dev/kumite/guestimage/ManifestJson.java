package dev.kumite.guestimage;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes and reads {@code manifest.json}. */
final class ManifestJson {

    /** Counted up when a reader of the old form could not use the new one. */
    static final int FORMAT = 1;

    /** Largest manifest that is read, in bytes; one has about 50 KiB. */
    static final int MAX_BYTES = 8 << 20;

    private static final JsonFactory JSON = JsonFactory.builder().build();

    private ManifestJson() {}

    static String write(GuestManifest manifest) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeNumberProperty("format", FORMAT);
            json.writeStringProperty("architecture", manifest.architecture());
            json.writeStringProperty("kernelRelease", manifest.kernelRelease());
            json.writeStringProperty("javaVersion", manifest.javaVersion());
            json.writeArrayPropertyStart("packages");
            for (GuestManifest.PackageEntry p : manifest.packages()) {
                newLine(json);
                json.writeStartObject();
                json.writeStringProperty("name", p.name());
                json.writeStringProperty("version", p.version());
                json.writeStringProperty("architecture", p.architecture());
                json.writeStringProperty("sha256", p.sha256());
                json.writeEndObject();
            }
            json.writeEndArray();
            files(json, "files", manifest.files());
            files(json, "contents", manifest.contents());
            json.writeEndObject();
        }
        return text.append('\n').toString();
    }

    private static void files(
            JsonGenerator json, String name, List<GuestManifest.FileEntry> entries) {
        json.writeArrayPropertyStart(name);
        for (GuestManifest.FileEntry f : entries) {
            newLine(json);
            json.writeStartObject();
            json.writeStringProperty("path", f.path());
            json.writeNumberProperty("size", f.size());
            json.writeStringProperty("sha256", f.sha256());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** One line for each entry, so that two manifests can be compared by line. */
    private static void newLine(JsonGenerator json) {
        json.writeRaw('\n');
    }

    static GuestManifest read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw GuestImageException.content(file + " is longer than " + MAX_BYTES + " bytes");
        }
        try (JsonParser json =
                JSON.createParser(ObjectReadContext.empty(), Files.readString(file))) {
            return new Reader(file, json).manifest();
        } catch (JacksonException | java.nio.charset.CharacterCodingException e) {
            throw GuestImageException.content(file + " is no guest manifest: " + e.getMessage());
        }
    }

    private record Reader(Path file, JsonParser json) {

        GuestManifest manifest() {
            Map<String, String> texts = new LinkedHashMap<>();
            Map<String, List<Map<String, String>>> lists = new LinkedHashMap<>();
            expect(json.nextToken(), JsonToken.START_OBJECT);
            for (String name = json.nextName(); name != null; name = json.nextName()) {
                if (json.nextToken() == JsonToken.START_ARRAY) {
                    lists.put(name, list());
                } else {
                    texts.put(name, json.getString());
                }
            }
            String format = text(texts, "format");
            if (!format.equals(Integer.toString(FORMAT))) {
                throw GuestImageException.content(
                        file
                                + " has the format "
                                + format
                                + ", and only "
                                + FORMAT
                                + " is known; make the guest again with \"kumite guest build\"");
            }
            return new GuestManifest(
                    text(texts, "architecture"),
                    text(texts, "kernelRelease"),
                    text(texts, "javaVersion"),
                    lists.getOrDefault("packages", List.of()).stream().map(this::pkg).toList(),
                    lists.getOrDefault("files", List.of()).stream().map(this::entry).toList(),
                    lists.getOrDefault("contents", List.of()).stream().map(this::entry).toList());
        }

        private GuestManifest.PackageEntry pkg(Map<String, String> entry) {
            return new GuestManifest.PackageEntry(
                    text(entry, "name"),
                    text(entry, "version"),
                    text(entry, "architecture"),
                    text(entry, "sha256"));
        }

        private GuestManifest.FileEntry entry(Map<String, String> entry) {
            try {
                return new GuestManifest.FileEntry(
                        text(entry, "path"),
                        Long.parseLong(text(entry, "size")),
                        text(entry, "sha256"));
            } catch (NumberFormatException e) {
                throw GuestImageException.content(file + ": a size is no number");
            }
        }

        private List<Map<String, String>> list() {
            List<Map<String, String>> list = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                expect(json.currentToken(), JsonToken.START_OBJECT);
                Map<String, String> entry = new LinkedHashMap<>();
                for (String name = json.nextName(); name != null; name = json.nextName()) {
                    json.nextToken();
                    entry.put(name, json.getString());
                }
                list.add(entry);
            }
            return list;
        }

        private String text(Map<String, String> values, String name) {
            String value = values.get(name);
            if (value == null) {
                throw GuestImageException.content(file + " has no " + name);
            }
            return value;
        }

        private void expect(@org.jspecify.annotations.Nullable JsonToken token, JsonToken wanted) {
            if (token != wanted) {
                throw GuestImageException.content(file + " is no guest manifest");
            }
        }
    }
}

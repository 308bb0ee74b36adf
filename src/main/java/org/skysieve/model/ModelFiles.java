package org.skysieve.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.engine.learn.CutoutModel;
import org.skysieve.platform.Problem;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/** Model versions as files: out as they are stored, in as versions that wait for their trial. */
@ApplicationScoped
public class ModelFiles {
    private static final int MOST_WAITING = 20;

    /** "SKCC": Skysieve cutout classifier. */
    private static final byte[] FOREST = {'S', 'K', 'C', 'C'};

    private final ModelRegistry registry;
    private final Training training;
    private final Workflows workflows;
    private final ModelConfig config;

    ModelFiles(ModelRegistry registry, Training training, Workflows workflows, ModelConfig config) {
        this.registry = registry;
        this.training = training;
        this.workflows = workflows;
        this.config = config;
    }

    /**
     * A kind of file that is taken.
     *
     * @param contract what a file must hold, in words
     */
    public record Format(String suffix, String mediaType, long mostBytes, String contract) {}

    /** The kinds of files that {@link #upload} takes. */
    public List<Format> formats() {
        return List.of(
                new Format(
                        "skcc",
                        "application/octet-stream",
                        config.mostUploaded(),
                        "a forest as GET .../file or ./skysieve train-cutouts writes it; its classes are the keys of the"
                                + " workflow's answers in their order"),
                new Format(
                        "onnx",
                        "application/octet-stream",
                        config.mostUploaded(),
                        "a net, ours (GET .../file, ./skysieve train-cutouts --kind net) or anybody's: input stamps, float"
                                + " [n, 3 or 6, height, width]; perhaps input features, float [n, up to 56]; output"
                                + " probabilities or logits, float [n, classes]; metadata classes, the keys of the"
                                + " answers with commas (left out: real,bogus), and stamps.values, which is log, sigma or"
                                + " raw; docs/formats.md says more"));
    }

    /**
     * A version as a file.
     *
     * @param name such as {@code real-or-bogus-3.skcc}
     */
    public record File(String name, byte[] content) {}

    /** @throws Problem 404 if the workflow has no such version */
    public File download(long workflowId, long modelVersionId) {
        ModelVersionView version = registry.version(workflowId, modelVersionId);
        byte[] content = registry.artifact(modelVersionId);
        String name = workflows.byId(workflowId).slug() + "-" + version.version();
        return new File(name + (isForest(content) ? ".skcc" : ".onnx"), content);
    }

    private static boolean isForest(byte[] content) {
        return content.length >= FOREST.length && Arrays.equals(content, 0, FOREST.length, FOREST, 0, FOREST.length);
    }

    /**
     * Stores a file as a version that waits for its trial, and asks for that trial. It is never promoted without.
     *
     * @param by who uploads it, for the history
     * @throws Problem 400 for bytes that are no model or a model of other classes, 404 without the workflow, 409 if too many
     *     versions wait already, 413 if it is too large
     */
    public ModelVersionView upload(long workflowId, InputStream body, String by) {
        WorkflowView workflow = workflows.byId(workflowId);
        long waiting = registry.versions(workflowId).stream()
                .filter(version -> version.state().equals("waiting"))
                .count();
        if (waiting >= MOST_WAITING) {
            throw Problem.conflict(waiting + " uploaded versions wait for their trial already, which is the most");
        }
        byte[] content = read(body);
        CutoutModel model;
        try {
            model = CutoutModel.load(content);
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest(
                    "the " + content.length + " bytes are no model that is taken here (skcc, onnx): " + e.getMessage());
        }
        List<String> keys = workflow.answers().stream().map(AnswerOption::key).toList();
        if (!model.classes().equals(keys)) {
            throw Problem.badRequest("the model tells apart " + model.classes() + ", need " + keys);
        }
        long id = registry.register(
                workflowId,
                new ModelRegistry.Entry(
                        model,
                        ModelRegistry.UPLOADED,
                        "waiting",
                        "uploaded by " + by + "; waits for its trial",
                        ModelMetrics.NONE,
                        null,
                        null));
        training.requestTrial(workflowId, id, "uploaded by " + by);
        return registry.version(workflowId, id);
    }

    private byte[] read(InputStream body) {
        try {
            byte[] content = body.readNBytes(config.mostUploaded() + 1);
            if (content.length > config.mostUploaded()) {
                throw Problem.of(413, "the file has more than " + config.mostUploaded() + " bytes, which is the most");
            }
            return content;
        } catch (IOException e) {
            throw new UncheckedIOException("the upload broke off", e);
        }
    }
}
